package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.RedisConnection;
import org.jspecify.annotations.Nullable;

/**
 * The reading that a writer does beside its own work. While it appends often and little, it asks for what is new in the same round trip, and
 * the reader rests: there is one thread to wake where there were two. With much to do the two share the work again. Of the writing thread.
 */
final class PiggybackReader {
    /** From so many entries in a turn on, what a turn costs is little beside what they cost. */
    private static final int MUCH = 64;
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

    /** A turn begins; with the next one soon behind it, it seems. */
    void begin(boolean busy, int appends) {
        on |= busy && appends > 0 && appends < MUCH && intake.tryTake();
        quiet = appends == 0 ? quiet + 1 : 0;
    }

    /** Behind the appends. What comes meanwhile gathers for the next turn, and the replies are there when they are looked for. */
    void ask(RedisConnection link, GatherPause pace) {
        if (on) {
            asked = intake.ask(link);
            link.flush();
            pace.pause();
        }
    }

    /** Behind the replies to the appends. */
    void receive(RedisConnection link, int appends) {
        Position before = asked;
        if (before != null) {
            asked = null;
            int entries = intake.receive(link, before);
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
