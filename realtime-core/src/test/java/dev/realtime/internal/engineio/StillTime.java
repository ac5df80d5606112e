package dev.realtime.internal.engineio;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands. */
final class StillTime implements Time {
    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }
}
