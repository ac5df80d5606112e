package dev.realtime.internal.session;

import dev.realtime.spi.Ids;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The numbers of a namespace's questions to clients. One number may ask many sessions, so that the question is encoded once. Thread-safe.
 *
 * <p>A client may answer the last home of its session over a connection to the next one, and nothing but the number says which question it means.
 * So each home begins at a place of its own, and goes on in steps of its own: two that begin close together would else go side by side. They meet
 * in a number by chance alone, at most once in 2³¹ for an answer that is late and a question that is open.
 */
public final class AckIds {
    private final AtomicInteger last;
    private final int step;

    /** @param ids say where the numbers begin: nowhere else in the cluster, and not after a restart either */
    public AckIds(Ids ids) {
        int home = ids.next().hashCode();
        this.last = new AtomicInteger(spread(home));
        this.step = spread(~home) | 1; // odd, so that all numbers come before one comes again
    }

    /** Ids that differ in little give numbers that have nothing in common: the last step of MurmurHash3. */
    private static int spread(int bits) {
        int mixed = (bits ^ (bits >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }

    /** Returns the next one: not negative, and not larger than an int, into which the clients for Java, C++ and .NET read it. */
    public int next() {
        return last.addAndGet(step) & Integer.MAX_VALUE;
    }
}
