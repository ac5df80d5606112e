package dev.realtime.internal.session;

import java.util.concurrent.atomic.AtomicLong;

/** The numbers of a namespace's questions to clients. One number may ask many sessions, so that the question is encoded once. Thread-safe. */
public final class AckIds {
    private final AtomicLong last = new AtomicLong();

    /** Returns the next one. The Java client reads it into an int, so they begin anew where that ends. */
    public long next() {
        return last.incrementAndGet() & Integer.MAX_VALUE;
    }
}
