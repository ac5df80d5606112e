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
    /** A writer that rests for less than this between its appends, on average, appends often. */
    private static final long OFTEN_NANOS = 230_000;
    /** One that rests for more than this does not: entries of others would wait for its next append longer than it takes to wake the reader. */
    private static final long SELDOM_NANOS = 270_000;
    /** Longer rests count as this one, so that the average is soon that of now. */
    private static final long LONGEST_NANOS = 1_000_000;
    /** The average is one of about so many turns. */
    private static final int TURNS = 16;
    /** For how long a turn waits for appends before it asks for entries without any. */
    private static final long PATIENCE_NANOS = 250_000;
    /** After so many turns without an append the reader does better, which waits for entries instead of asking for them. */
    private static final int QUIET_TURNS = 3;

    private final EntryDispatcher intake;
    private boolean on;
    private int quiet; // turns in a row
    private long rest; // since the last append
    private long averageRest = LONGEST_NANOS;
    private @Nullable Position asked;

    PiggybackReader(EntryDispatcher intake) {
        this.intake = intake;
    }

    boolean isOn() {
        return on;
    }

    /** Returns how long to wait for appends before a turn without any. */
    long patienceNanos() {
        return PATIENCE_NANOS;
    }

    /**
     * A turn begins.
     *
     * @param idleNanos for how long there was nothing to do before it
     */
    void begin(long idleNanos, int appends) {
        rest = Math.min(LONGEST_NANOS, rest + idleNanos);
        if (appends == 0) {
            quiet++;
            return;
        }
        quiet = 0;
        averageRest += (rest - averageRest) / TURNS;
        rest = 0;
        if (!on && averageRest < OFTEN_NANOS && appends < MUCH) {
            on = intake.tryTake();
        }
    }

    /** Whether a writer that reads appends as often as it has to. */
    boolean isOftenEnough() {
        return averageRest <= SELDOM_NANOS;
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
            if (entries + appends >= MUCH || quiet >= QUIET_TURNS || !isOftenEnough()) {
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
