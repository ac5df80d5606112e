package dev.realtime.internal.recovery;

import dev.realtime.Position;
import dev.realtime.internal.fanout.EventMessages;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session missed, as far as it had to be read from the log and has not been sent yet. It keeps about one portion, for a client that may not
 * read it, and says how much to read at once. Not thread-safe.
 */
final class LoggedEvents {
    private static final int LARGEST_PAGE = 512;
    /** Entries that are read of the log first, since nobody knows how large they are. */
    private static final int FIRST_PAGE = 16;

    private final EventMessages messages;
    private final LongSupplier logClock;
    private final LocalSession session;
    private final ArrayDeque<Missed> events = new ArrayDeque<>();
    private @Nullable Position through; // how far the log has been read for what is in there; null: nothing is held
    private int page = FIRST_PAGE;

    /** @param logClock see {@link dev.realtime.spi.Log#now} */
    LoggedEvents(EventMessages messages, LongSupplier logClock, LocalSession session) {
        this.messages = messages;
        this.logClock = logClock;
        this.session = session;
    }

    /** How many entries to read at once. */
    int page() {
        return page;
    }

    /** Whether something has been read and not been released. */
    boolean isHolding() {
        return through != null;
    }

    /**
     * Keeps what fits a portion; the rest is to be read again.
     *
     * @param end how far the entries reach
     */
    void keep(List<PlacedEntry> entries, Position end, int mostBytes) {
        long now = logClock.getAsLong();
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            PlacedEntry placed = entries.get(i);
            if (placed.entry() instanceof LogEntry.Emit emit
                    && emit.terms().expiry(placed.at()) > now
                    && RoomIndex.concerns(session, session.presence(), emit.target(), placed.position())) {
                OutboundMessage message = messages.message(emit.event(), placed.position());
                events.add(new Missed(placed.position(), message));
                bytes += message.size();
            }
            if (bytes >= mostBytes && i + 1 < entries.size()) {
                page = 2 * (i + 1);
                through = placed.position();
                return;
            }
        }
        page = Math.min(2 * page, LARGEST_PAGE);
        through = end;
    }

    /** Returns the next event, which stays; null when there is none left. */
    @Nullable
    Missed peek() {
        return events.peekFirst();
    }

    void remove() {
        events.removeFirst();
    }

    /** Returns how far the log had been read, when everything has been sent. */
    Position release() {
        Position reached = through;
        if (reached == null) {
            throw new IllegalStateException("nothing has been read");
        }
        through = null;
        return reached;
    }
}
