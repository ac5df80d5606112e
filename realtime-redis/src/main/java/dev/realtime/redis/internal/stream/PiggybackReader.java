package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import org.jspecify.annotations.Nullable;

/**
 * The reading that a writer does beside its own work. While it appends often and little, it asks for what is new in the same round trip, and
 * the reader rests: there is one thread to wake where there were two. With much to do the two share the work again, and with little the reader
 * alone is faster: it need not wait for the next append. Of the writing thread.
 */
final class PiggybackReader {
    /** From so many entries in a turn on, what a turn costs is little beside what they cost. */
    private static final int MUCH = 64;
    /** A writer with less to do than this between its turns appends often. */
    private static final long OFTEN_NANOS = 250_000;
    /** After so many turns without an append the reader does better, which waits for entries instead of asking for them. */
    private static final int QUIET_TURNS = 3;

    private final EntryDispatcher intake;
    private boolean on;
    private int quiet; // turns in a row
    private @Nullable Position asked;

    PiggybackReader(EntryDispatcher intake) {
        this.intake = intake;
    }

    boolean isOn() {
        return on;
    }

    /** Returns how long to wait for appends before a turn without any. */
    long patienceNanos() {
        return OFTEN_NANOS;
    }

    /**
     * A turn begins.
     *
     * @param idleNanos for how long there was nothing to do before it
     */
    void begin(long idleNanos, int appends) {
        if (!on && idleNanos < OFTEN_NANOS && appends > 0 && appends < MUCH) {
            on = intake.tryTake();
        }
        quiet = appends == 0 ? quiet + 1 : 0;
    }

    /** Behind the appends, in the same round trip. */
    void ask(RedisConnection link) {
        if (on) {
            asked = intake.ask(link);
        }
    }

    /** Behind the replies to the appends. */
    void receive(RedisConnection link, int appends) {
        Position before = asked;
        if (before != null) {
            asked = null;
            int entries = intake.hand(link, before, link.result());
            if (entries + appends >= MUCH || quiet >= QUIET_TURNS) {
                end();
            }
        }
    }

    /** The reader reads again. */
    void end() {
        asked = null;
        if (on) {
            on = false;
            intake.giveBack();
        }
    }
}
