package dev.realtime.standalone;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How much a connection has had done in a row, on a thread that it shares with others. Not thread-safe. */
final class WorkMeter {
    /** So many bytes in this time, and the connection rests. */
    static final int MOST = 256 << 10;

    static final Duration IN_A_ROW = Duration.ofMillis(100);
    /** What a frame costs beside its bytes: of the smallest, 4,096 are the most. */
    static final int OF_A_FRAME = 64;

    private final LongSupplier nanoTime;
    private int done;
    private long since;

    WorkMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** A frame has come. */
    void frame(int bytes) {
        done += OF_A_FRAME + bytes;
    }

    /** Whether so much has been done so fast that others come first now; what has been done is forgotten then. */
    boolean isMuch() {
        if (done < MOST) {
            return false;
        }
        long now = nanoTime.getAsLong();
        boolean much = now - since < IN_A_ROW.toNanos();
        done = 0;
        since = now;
        return much;
    }
}
