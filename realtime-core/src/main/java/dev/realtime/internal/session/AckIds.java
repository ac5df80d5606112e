package dev.realtime.internal.session;

import dev.realtime.spi.Ids;
import java.util.SplittableRandom;
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
        SplittableRandom place = new SplittableRandom(ids.next().hashCode());
        this.last = new AtomicInteger(place.nextInt());
        this.step = place.nextInt() | 1; // odd, so that all numbers come before one comes again
    }

    /** Returns the next one: not negative, and not larger than an int, into which the clients for Java, C++ and .NET read it. */
    public int next() {
        return last.addAndGet(step) & Integer.MAX_VALUE;
    }
}
