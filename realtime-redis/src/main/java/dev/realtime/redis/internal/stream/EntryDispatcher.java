package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;

/**
 * Reads what is new in a stream and hands it on; one thread at a time, who has the turn. Usually that is the reader's, which waits at the
 * server. While its node appends often and little, the writer has it ({@link PiggybackReader}).
 */
final class EntryDispatcher {
    private static final int COUNT = 500;
    /** Time enough for the next turn of a writer that appends often. */
    private static final long COURTESY_MILLIS = 1;

    private final RedisStream stream;
    private final Continuity continuity;
    private final long courtesyMillis;
    // guarded by this
    private boolean taken;
    private boolean refused; // since the turn was taken
    private boolean closed;

    EntryDispatcher(RedisStream stream, Continuity continuity) {
        this(stream, continuity, COURTESY_MILLIS);
    }

    /** @param courtesyMillis for which somebody waits to whom the turn was refused in favour of who takes it again */
    EntryDispatcher(RedisStream stream, Continuity continuity, long courtesyMillis) {
        this.stream = stream;
        this.continuity = continuity;
        this.courtesyMillis = courtesyMillis;
    }

    /** Waits for the turn, and lets somebody go first who was refused meanwhile. False when it was closed meanwhile. */
    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    synchronized boolean take() {
        try {
            if (refused && !taken && !closed) {
                wait(courtesyMillis);
            }
            while (taken && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        taken |= !closed;
        refused = false;
        return !closed;
    }

    /** Takes the turn if nobody has it. */
    synchronized boolean tryTake() {
        if (taken || closed) {
            refused = true;
            return false;
        }
        taken = true;
        refused = false;
        return true;
    }

    synchronized void giveBack() {
        taken = false;
        notifyAll();
    }

    /** Asks for what is there. Who has the turn goes on with {@link #hand}. */
    Position ask(RedisConnection link) {
        Position before = stream.progress().read();
        link.send(Protocol.Command.XREAD, "COUNT", COUNT, "STREAMS", stream.name(), before);
        return before;
    }

    /** Asks for what is there, or comes within a while. */
    Position ask(RedisConnection link, long blockMillis) {
        Position before = stream.progress().read();
        link.send(Protocol.Command.XREAD, "COUNT", COUNT, "BLOCK", blockMillis, "STREAMS", stream.name(), before);
        return before;
    }

    /**
     * Hands on what the reply holds.
     *
     * @return how many entries
     */
    int hand(RedisConnection link, Position before, @Nullable Object reply) {
        List<RawEntry> entries = RawEntry.ofRead(reply);
        if (entries.isEmpty()) {
            stream.wake();
            return 0;
        }
        boolean missed = entries.size() == COUNT && hasForgotten(link, before, stream.name());
        for (RawEntry raw : entries) {
            if (raw.epoch() != null) {
                continuity.begins(raw.epoch()); // known before anything that may lie behind a hole is handed on
            }
        }
        stream.hand(entries);
        if (missed) {
            stream.lostEntries("this node was slower than the stream " + stream.name() + " forgets");
        }
        return entries.size();
    }

    /** A reader so far behind that entries were forgotten before it came is given what is left, without a word. */
    private static boolean hasForgotten(RedisConnection link, Position before, String name) {
        return StreamInfo.ask(link, name, before).forgot(before);
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
