package dev.realtime.samples.arena;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.limits.RateLimit;
import java.time.Duration;
import java.util.List;
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

    /** By which a player says to be {@code away}, or {@code connected}: presence takes it. */
    static final String STATUS = "status";

    // ---- to clients: besides these, what presence tells those who watch

    /** @param you null for somebody who only watches */
    record Welcome(@Nullable Player you, String node) {}

    /**
     * @param seq rises within a zone; two lines that are said at the same moment on different nodes may have the same
     * @param at milliseconds since the epoch
     */
    record Said(long seq, String zone, String from, String fromName, String colour, String text, long at) {}

    record Moved(String id, double x, double y) {}

    static final Event<Welcome> WELCOME = Event.of("welcome", Welcome.class);
    static final Event<Said> SAID = Event.of("chat:said", Said.class);

    /** Volatile: only the latest position of a player matters. */
    static final Event<Moved> MOVED = Event.of("moved", Moved.class);

    // ---- between nodes

    /** Asks a node what it has heard. */
    record Recall() {}

    record Recalled(List<Said> lines) {}

    /** A line for the histories of the other nodes; players get theirs by {@link #SAID}. */
    static final Event<Said> HEARD = Event.of("arena:heard", Said.class);

    static final Request<Recall, Recalled> RECALL = Request.of("arena:recall", Recall.class, Recalled.class);

    private Contracts() {}

    private static void checkText(Say say) {
        if (say.text() == null || say.text().isBlank()) {
            throw new IllegalArgumentException("Please say something.");
        }
        if (say.text().length() > MAX_TEXT) {
            throw new IllegalArgumentException("At most " + MAX_TEXT + " characters, please.");
        }
    }
}
