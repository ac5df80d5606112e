package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.ARRIVED;
import static dev.realtime.samples.arena.Contracts.AWAY;
import static dev.realtime.samples.arena.Contracts.ENTER;
import static dev.realtime.samples.arena.Contracts.HEARD;
import static dev.realtime.samples.arena.Contracts.LEFT;
import static dev.realtime.samples.arena.Contracts.MOVE;
import static dev.realtime.samples.arena.Contracts.MOVED;
import static dev.realtime.samples.arena.Contracts.RECALL;
import static dev.realtime.samples.arena.Contracts.SAID;
import static dev.realtime.samples.arena.Contracts.SAY;
import static dev.realtime.samples.arena.Contracts.WELCOME;
import static dev.realtime.samples.arena.Contracts.ZONE;

import dev.realtime.DisconnectReason;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.samples.arena.Contracts.Arrived;
import dev.realtime.samples.arena.Contracts.Away;
import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.samples.arena.Contracts.Entered;
import dev.realtime.samples.arena.Contracts.Left;
import dev.realtime.samples.arena.Contracts.Move;
import dev.realtime.samples.arena.Contracts.Moved;
import dev.realtime.samples.arena.Contracts.Said;
import dev.realtime.samples.arena.Contracts.Say;
import dev.realtime.samples.arena.Contracts.Spoken;
import dev.realtime.samples.arena.Contracts.Welcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The rules: what happens when somebody connects, walks, talks and goes. A player whose connection is cut stays where they are until
 * they come back or the recovery window is over. Nothing here knows on which node anybody is.
 *
 * <p>The order inside each rule matters: first the state changes, then rooms, then others are told, and who is there is read last. So
 * of two who enter at once each sees the other in what they read, or among the events they get, or in both.
 */
final class Game {
    /** The claims of a token that hold the player's name and colour. */
    static final String NAME = "name";

    static final String COLOUR = "colour";

    private final World world;
    private final Presence presence;
    private final String node;

    Game(World world, String node) {
        this.world = world;
        this.presence = world.presence();
        this.node = node;
    }

    void rules(NamespaceSetup game) {
        game.tick(Duration.ofMillis(50))
                .onConnect(this::connected)
                .onSuspend((session, reason) -> tellWhetherAway(session, true))
                .onResume(this::resumed)
                .onDisconnect(this::gone)
                .onAsync(ENTER, this::enter)
                .on(MOVE, this::move)
                .onAsync(SAY, this::say)
                .onServer(HEARD, (from, said) -> world.heard(said))
                .onServer(RECALL, (from, recall) -> world.recalled());
    }

    private void connected(Session session) {
        presence.set(session, presence.of(session));
        welcome(session);
    }

    private void welcome(Session session) {
        session.emit(WELCOME, new Welcome(presence.of(session), node));
    }

    private void resumed(Session session) {
        tellWhetherAway(session, false);
        welcome(session);
    }

    /** The player stands there all the same: others see whether somebody is behind it. */
    private void tellWhetherAway(Session session, boolean away) {
        String zone = presence.of(session).zone();
        if (zone != null) {
            session.others(ZONE.of(zone)).emit(AWAY, new Away(zone, id(session), away));
        }
    }

    /** Who has logged in elsewhere is still there. */
    private void gone(Session session, DisconnectReason reason) {
        String zone = presence.of(session).zone();
        if (zone != null && reason != DisconnectReason.LOGGED_IN_ELSEWHERE) {
            session.room(ZONE.of(zone)).emit(LEFT, new Left(zone, id(session)));
        }
    }

    private CompletionStage<Entered> enter(Session session, Enter wish) {
        Zone zone = world.zone(wish.zone())
                .orElseThrow(() -> new EventRefusedException("unknown_zone", "There is no such place."));
        Player before = presence.of(session);
        Player now = before.in(zone);
        presence.set(session, now);
        RoomKey room = ZONE.of(zone.id());
        session.rooms().stream()
                .filter(old -> ZONE.includes(old) && !old.equals(room))
                .findFirst()
                .ifPresentOrElse(old -> session.move(old, room), () -> session.join(room));
        if (!zone.id().equals(before.zone())) {
            if (before.zone() != null) {
                session.others(ZONE.of(before.zone())).emit(LEFT, new Left(before.zone(), id(session)));
            }
            session.others(room).emit(ARRIVED, new Arrived(zone.id(), now));
        }
        return session.room(room)
                .fetch()
                .thenApply(here -> new Entered(
                        zone.id(), Presence.players(here), world.chat(zone.id()).lines()));
    }

    private void move(Session session, Move move) {
        Player player = presence.step(session, World.clampX(move.x()), World.clampY(move.y()));
        if (player.zone() != null && player.x() != null && player.y() != null) {
            session.others(ZONE.of(player.zone()))
                    .asVolatile()
                    .coalesce(player.id())
                    .emit(MOVED, new Moved(player.id(), player.x(), player.y()));
        }
    }

    /** Answers when the log holds the line: what was acknowledged is not lost. */
    private CompletionStage<Spoken> say(Session session, Say say) {
        Player player = presence.of(session);
        if (player.zone() == null || say.text() == null) {
            throw new EventRefusedException("not_in_a_zone", "Enter a place first.");
        }
        String text = say.text().replaceAll("\\p{Cntrl}+", " ").strip();
        return world.chat(player.zone()).say(player, text, world.millis(), said -> publish(session, said));
    }

    private static CompletionStage<Spoken> publish(Session session, Said said) {
        session.namespace().serverEmit(HEARD, said);
        return session.room(ZONE.of(said.zone()))
                .emit(SAID, said)
                .thenApply(position -> new Spoken(said.seq(), said.at()));
    }

    private static String id(Session session) {
        return session.principal().id();
    }
}
