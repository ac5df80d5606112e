package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.BATCHES;
import static dev.realtime.samples.arena.Contracts.ENTER;
import static dev.realtime.samples.arena.Contracts.GALLERY;
import static dev.realtime.samples.arena.Contracts.HEARD;
import static dev.realtime.samples.arena.Contracts.MOVE;
import static dev.realtime.samples.arena.Contracts.MOVED;
import static dev.realtime.samples.arena.Contracts.RECALL;
import static dev.realtime.samples.arena.Contracts.SAID;
import static dev.realtime.samples.arena.Contracts.SAY;
import static dev.realtime.samples.arena.Contracts.STATUS;
import static dev.realtime.samples.arena.Contracts.WATCHING;
import static dev.realtime.samples.arena.Contracts.WAVE;
import static dev.realtime.samples.arena.Contracts.WAVED;
import static dev.realtime.samples.arena.Contracts.WELCOME;
import static dev.realtime.samples.arena.Contracts.ZONE;

import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.samples.arena.Contracts.Entered;
import dev.realtime.samples.arena.Contracts.Move;
import dev.realtime.samples.arena.Contracts.Moved;
import dev.realtime.samples.arena.Contracts.Said;
import dev.realtime.samples.arena.Contracts.Say;
import dev.realtime.samples.arena.Contracts.Spoken;
import dev.realtime.samples.arena.Contracts.Waved;
import dev.realtime.samples.arena.Contracts.Welcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The rules: what happens when somebody connects, walks and talks. Who comes, goes, is away or has lost the connection is told by the
 * library's presence, which each player watches. A player whose connection is cut stays where they are until they come back or the
 * recovery window is over. Nothing here knows on which node anybody is.
 */
final class Game {
    /** The claims of a token that hold the player's name and colour. */
    static final String NAME = "name";

    static final String COLOUR = "colour";

    /** Who has neither walked nor talked for so long is away. */
    static final Duration AWAY_AFTER = Duration.ofMinutes(2);

    private final World world;
    private final Places places;
    private final Table table;
    private final Market market = new Market();
    private final Post post;
    private final String node;

    Game(World world, String node) {
        this.world = world;
        this.places = world.places();
        this.table = new Table(world);
        this.post = new Post(world);
        this.node = node;
    }

    void rules(NamespaceSetup game) {
        game.tick(Duration.ofMillis(50))
                .batches(BATCHES)
                .presence(PresenceOptions.DEFAULT
                        .rooms(ZONE)
                        .show(Places.PLAYER)
                        .awayAfter(AWAY_AFTER)
                        .statusEvent(STATUS))
                .allowAnonymous()
                .joins(ZONE, (principal, room) -> !principal.anonymous())
                .joins(GALLERY, (principal, room) -> principal.anonymous())
                .onConnect(this::connected)
                .onAuthenticate(this::begin)
                .onResume(this::resumed)
                .onAsync(ENTER, this::enter)
                .on(MOVE, this::move)
                .on(WAVE, (session, nothing) -> wave(session))
                .onAsync(SAY, this::say)
                .onServer(HEARD, (from, said) -> world.heard(said))
                .onServer(RECALL, (from, recall) -> world.recalled());
        table.rules(game);
        market.rules(game);
        post.rules(game);
    }

    /** The world is small: everybody sees who is in each zone, also who has not logged in yet. */
    private void connected(Session session) {
        Presence presence = session.namespace().presence();
        world.zones().forEach(zone -> presence.watch(session, ZONE.of(zone.id())));
        table.watch(session);
        if (session.principal().anonymous()) {
            session.join(WATCHING);
            welcome(session);
        } else {
            begin(session);
        }
    }

    /** Who has watched until now leaves the gallery by its rule: it is for those whom nobody knows. */
    private void begin(Session session) {
        market.watch(session);
        places.begin(session);
        welcome(session);
    }

    private void resumed(Session session) {
        table.watch(session);
        market.watch(session);
        welcome(session);
    }

    private void welcome(Session session) {
        Player you = session.principal().anonymous() ? null : places.of(session);
        session.emit(WELCOME, new Welcome(you, node));
    }

    private CompletionStage<Entered> enter(Session session, Enter wish) {
        Zone zone = world.zone(wish.zone())
                .orElseThrow(() -> new EventRefusedException("unknown_zone", "There is no such place."));
        RoomKey room = ZONE.of(zone.id());
        session.rooms().stream()
                .filter(old -> ZONE.includes(old) && !old.equals(room))
                .findFirst()
                .ifPresentOrElse(old -> session.move(old, room), () -> session.join(room));
        places.enter(session, zone);
        return session.room(room)
                .fetch()
                .thenApply(here -> new Entered(
                        zone.id(), Places.players(here), world.chat(zone.id()).lines()));
    }

    private void move(Session session, Move move) {
        if (session.principal().anonymous()) {
            return;
        }
        Player player = places.step(session, World.clampX(move.x()), World.clampY(move.y()));
        if (player.zone() != null && player.x() != null && player.y() != null) {
            session.others(ZONE.of(player.zone()))
                    .room(WATCHING)
                    .asVolatile()
                    .coalesce(player.id())
                    .emit(MOVED, new Moved(player.id(), player.x(), player.y()));
        }
    }

    /** Everybody in the zone may wave at once, so these are batched. Who is nowhere waves to nobody. */
    private static void wave(Session session) {
        session.rooms().stream()
                .filter(ZONE::includes)
                .forEach(room -> session.room(room)
                        .emit(WAVED, new Waved(session.principal().id())));
    }

    /** Answers when the log holds the line: what was acknowledged is not lost. */
    private CompletionStage<Spoken> say(Session session, Say say) {
        Player player = places.of(session);
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
}
