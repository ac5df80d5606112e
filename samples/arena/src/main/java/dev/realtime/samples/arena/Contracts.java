package dev.realtime.samples.arena;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.batches.Batches;
import dev.realtime.limits.RateLimit;
import dev.realtime.state.State;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateResolution;
import dev.realtime.state.StateValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** All that crosses the wire: what clients may send, how often, and what they hear. The README has the same table for people. */
final class Contracts {
    static final int MAX_TEXT = 240;

    /** The room of those who are in a zone. */
    static final RoomKind ZONE = RoomKind.named("zone");

    /** The rooms of those who only watch: the page behind its entry. */
    static final RoomKind GALLERY = RoomKind.named("gallery");

    static final RoomKey WATCHING = GALLERY.of("world");

    // ---- from clients

    record Enter(@Nullable String zone) {}

    record Entered(String zone, List<Player> members, List<Said> history) {}

    record Move(double x, double y) {}

    record Say(@Nullable String text) {}

    record Spoken(long seq, long at) {}

    static final Request<Enter, Entered> ENTER = Request.of("zone:enter", Enter.class, Entered.class)
            .limit(RateLimit.per(Duration.ofSeconds(10), 20).burst(10));

    /** The page sends at most fifteen a second; the network may deliver two seconds' worth at once. */
    static final Event<Move> MOVE =
            Event.of("move", Move.class).limit(RateLimit.perSecond(60).burst(30));

    /** Four lines at once, and eight in any ten seconds. */
    static final Request<Say, Spoken> SAY = Request.of("chat:say", Say.class, Spoken.class)
            .limit(RateLimit.per(Duration.ofSeconds(10), 8).burst(4))
            .validate(Contracts::checkText);

    static final Event<Void> WAVE =
            Event.of("wave").limit(RateLimit.perSecond(5).burst(5));

    /** By which a player says to be {@code away}, or {@code connected}: presence takes it. */
    static final String STATUS = "status";

    // ---- at the table: the requests have no argument, or say which move

    record Take(int count) {}

    /** What a page that was cut off has made of the game. */
    record Settle(long version, Pebbles gameState, long timestamp) {}

    /** @param version of the game that the answer is about */
    record Turn(long version) {
        static Turn of(StateValue<?> now) {
            return new Turn(now.version());
        }
    }

    static final Request<Void, Turn> SIT = Request.of("game:sit", Void.class, Turn.class);
    static final Request<Void, Turn> RISE = Request.of("game:rise", Void.class, Turn.class);
    static final Request<Take, Turn> TAKE = Request.of("game:take", Take.class, Turn.class);
    static final Request<Settle, Turn> SETTLE = Request.of("game:settle", Settle.class, Turn.class);

    // ---- at the market

    /** @param requestId another one for each purchase, and the same when it is asked for again */
    record Buy(String requestId, String item) {}

    record Bought(String item, int coins) {}

    static final Request<Buy, Bought> BUY =
            Request.of("market:buy", Buy.class, Bought.class).idempotentBy(Buy::requestId);

    /** What a player owns, by the player's id; players are told of their own. */
    static final State<Purse> PURSE = State.of("purse", Purse.class).timeToLive(Duration.ofDays(30));

    // ---- at the post

    /** @param to a player's id */
    record Write(String to, String text) {}

    record Posted(long at) {}

    record Letter(String from, String text) {}

    static final Request<Write, Posted> WRITE = Request.of("letter:write", Write.class, Posted.class)
            .limit(RateLimit.per(Duration.ofMinutes(1), 10).burst(3))
            .validate(Contracts::checkLetter);

    /** Kept for its reader; the library knows who has sent it. */
    static final Event<Letter> LETTER = Event.of("letter", Letter.class)
            .persistOffline((draft, letter) -> draft.content(letter.text()).senderName(letter.from()));

    // ---- to clients: besides these, what presence tells those who watch

    /** @param you null for somebody who only watches */
    record Welcome(@Nullable Player you, String node) {}

    /**
     * @param seq rises within a zone; two lines that are said at the same moment on different nodes may have the same
     * @param at milliseconds since the epoch
     */
    record Said(long seq, String zone, String from, String fromName, String colour, String text, long at) {}

    record Moved(String id, double x, double y) {}

    record Waved(String id) {}

    /** Small, many, and in no hurry: those of 50 ms reach a client as one {@code batch:events}. */
    static final Event<Waved> WAVED = Event.of("waved", Waved.class);

    static final Batches BATCHES = Batches.of(WAVED);

    static final Event<Welcome> WELCOME = Event.of("welcome", Welcome.class);
    static final Event<Said> SAID = Event.of("chat:said", Said.class);

    /** Volatile: only the latest position of a player matters. */
    static final Event<Moved> MOVED = Event.of("moved", Moved.class);

    /** @param gameState null if there is no game */
    record GameShown(String gameId, @Nullable Pebbles gameState, long version, String updatedBy, long timestamp) {
        static GameShown of(StateChange<Pebbles> change) {
            StateValue<Pebbles> now = change.current();
            return new GameShown(
                    change.id(),
                    now.value(),
                    now.version(),
                    now.updatedBy(),
                    now.updatedAt().toEpochMilli());
        }
    }

    record GameResolved(String gameId, @Nullable Pebbles resolvedState, int conflictedStates, long timestamp) {
        static GameResolved of(StateResolution<Pebbles> resolution) {
            return new GameResolved(
                    resolution.id(),
                    resolution.resolved().value(),
                    resolution.conflictedStates(),
                    resolution.resolved().updatedAt().toEpochMilli());
        }
    }

    static final Event<GameShown> STATE_UPDATE = Event.of("game:state-update", GameShown.class);
    static final Event<GameShown> STATE_RESTORED = Event.of("game:state-restored", GameShown.class);
    static final Event<GameResolved> CONFLICT_RESOLVED = Event.of("game:conflict-resolved", GameResolved.class);

    /** The game at the table, as all nodes share it and as clients are told of it. */
    static final State<Pebbles> PEBBLES = State.of("game", Pebbles.class)
            .updates(STATE_UPDATE, GameShown::of)
            .snapshots(STATE_RESTORED, GameShown::of)
            .resolutions(CONFLICT_RESOLVED, GameResolved::of)
            .authority((key, copies) -> CompletableFuture.completedFuture(Table.decide(copies)));

    record Begin(String gameId) {}

    /** Emitted later: when the second player has sat down for ten seconds. */
    static final Event<Begin> BEGIN = Event.of("game:begin", Begin.class);

    // ---- from other services, on Redis channels of these names

    /** @param character_id a player's id */
    record CharacterUpdate(String character_id, Map<String, Object> update_data, String timestamp, String server_id) {}

    /** @param message_id another one for each announcement */
    record Announcement(String message_id, String text) {}

    static final Event<CharacterUpdate> CHARACTER_UPDATE = Event.of("game:character_update", CharacterUpdate.class)
            .validate(update -> {
                if (update.character_id().isBlank()) {
                    throw new IllegalArgumentException("character_id is blank");
                }
            });

    static final Event<Announcement> SYSTEM_ANNOUNCEMENT = Event.of("game:system_announcement", Announcement.class);

    /** And what clients hear of it. */
    static final Event<CharacterUpdate> CHARACTER_CHANGED = Event.of("character:changed", CharacterUpdate.class);

    static final Event<Announcement> NEWS = Event.of("system:announcement", Announcement.class);

    // ---- between nodes

    /** Asks a node what it has heard. */
    record Recall() {}

    record Recalled(List<Said> lines) {}

    /** A line for the histories of the other nodes; players get theirs by {@link #SAID}. */
    static final Event<Said> HEARD = Event.of("arena:heard", Said.class);

    static final Request<Recall, Recalled> RECALL = Request.of("arena:recall", Recall.class, Recalled.class);

    private Contracts() {}

    private static void checkText(Say say) {
        checkText(say.text());
    }

    private static void checkLetter(Write letter) {
        if (!letter.to().matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("That is nobody's id.");
        }
        checkText(letter.text());
    }

    private static void checkText(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("Please say something.");
        }
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("At most " + MAX_TEXT + " characters, please.");
        }
    }
}
