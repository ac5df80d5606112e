package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.ARRIVED;
import static dev.realtime.samples.arena.Contracts.ENTER;
import static dev.realtime.samples.arena.Contracts.LEFT;
import static dev.realtime.samples.arena.Contracts.MOVE;
import static dev.realtime.samples.arena.Contracts.MOVED;
import static dev.realtime.samples.arena.Contracts.SAID;
import static dev.realtime.samples.arena.Contracts.SAY;
import static dev.realtime.samples.arena.Contracts.WELCOME;
import static dev.realtime.samples.arena.Contracts.ZONE;

import dev.realtime.DisconnectReason;
import dev.realtime.EventRefused;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.samples.arena.Contracts.Arrived;
import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.samples.arena.Contracts.Entered;
import dev.realtime.samples.arena.Contracts.Left;
import dev.realtime.samples.arena.Contracts.Move;
import dev.realtime.samples.arena.Contracts.Moved;
import dev.realtime.samples.arena.Contracts.Say;
import dev.realtime.samples.arena.Contracts.Spoken;
import dev.realtime.samples.arena.Contracts.Welcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The rules: what happens when somebody connects, walks, talks and goes. A player whose connection is cut stays where they are until
 * they come back or the recovery window is over.
 *
 * <p>The order inside each rule matters: first the state changes, then rooms, then others are told. Whoever enters meanwhile reads the
 * state last, so a change is either in what they read or among the events they get, or in both.
 */
final class Game {
    /** The claims of a token that hold the player's name and colour. */
    static final String NAME = "name";

    static final String COLOUR = "colour";

    private final World world;
    private final String node;

    Game(World world, String node) {
        this.world = world;
        this.node = node;
    }

    void rules(NamespaceSetup game) {
        game.tick(Duration.ofMillis(50))
                .onConnect(this::connected)
                .onResume(this::welcome)
                .onDisconnect(this::gone)
                .on(ENTER, this::enter)
                .on(MOVE, this::move)
                .onAsync(SAY, this::say);
    }

    private void connected(Session session) {
        Optional<String> older = world.players().arrive(newcomer(session.principal()), session.id());
        older.flatMap(session.namespace()::find).ifPresent(Session::disconnect);
        welcome(session);
    }

    private void welcome(Session session) {
        Player you = world.players().find(id(session)).orElseGet(() -> newcomer(session.principal()));
        session.emit(WELCOME, new Welcome(you, node));
    }

    private void gone(Session session, DisconnectReason reason) {
        world.players()
                .leave(id(session), session.id())
                .map(Player::zone)
                .ifPresent(zone -> session.room(ZONE.of(zone)).emit(LEFT, new Left(zone, id(session))));
    }

    private Entered enter(Session session, Enter wish) {
        Zone zone =
                world.zone(wish.zone()).orElseThrow(() -> new EventRefused("unknown_zone", "There is no such place."));
        Players.Change change =
                world.players().enter(id(session), session.id(), zone).orElseThrow(Game::replaced);
        RoomKey room = ZONE.of(zone.id());
        session.rooms().stream()
                .filter(old -> ZONE.includes(old) && !old.equals(room))
                .findFirst()
                .ifPresentOrElse(old -> session.move(old, room), () -> session.join(room));
        if (change.isNew()) {
            if (change.from() != null) {
                session.others(ZONE.of(change.from())).emit(LEFT, new Left(change.from(), id(session)));
            }
            session.others(room).emit(ARRIVED, new Arrived(zone.id(), change.now()));
        }
        return new Entered(
                zone.id(), world.players().in(zone), world.chat(zone.id()).lines());
    }

    private void move(Session session, Move move) {
        world.players()
                .move(id(session), session.id(), World.clampX(move.x()), World.clampY(move.y()))
                .ifPresent(player -> tell(session, player));
    }

    private static void tell(Session session, Player player) {
        if (player.zone() != null && player.x() != null && player.y() != null) {
            session.others(ZONE.of(player.zone()))
                    .asVolatile()
                    .coalesce(player.id())
                    .emit(MOVED, new Moved(player.id(), player.x(), player.y()));
        }
    }

    /** Answers when the log holds the line: what was acknowledged is not lost. */
    private CompletionStage<Spoken> say(Session session, Say say) {
        Player player = world.players().find(id(session)).orElseThrow(Game::replaced);
        if (player.zone() == null || say.text() == null) {
            throw new EventRefused("not_in_a_zone", "Enter a place first.");
        }
        String text = say.text().replaceAll("\\p{Cntrl}+", " ").strip();
        return world.chat(player.zone())
                .say(
                        player,
                        text,
                        world.millis(),
                        said -> session.room(ZONE.of(said.zone()))
                                .emit(SAID, said)
                                .thenApply(position -> new Spoken(said.seq(), said.at())));
    }

    private static String id(Session session) {
        return session.principal().id();
    }

    private static Player newcomer(Principal principal) {
        return Player.newcomer(
                principal.id(), claim(principal, NAME, principal.id()), claim(principal, COLOUR, Colours.PLAIN));
    }

    private static String claim(Principal principal, String name, String otherwise) {
        return principal.claims().get(name) instanceof String text ? text : otherwise;
    }

    private static EventRefused replaced() {
        return new EventRefused("replaced", "You are here by a newer connection.");
    }
}
