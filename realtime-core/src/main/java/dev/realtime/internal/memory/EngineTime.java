package dev.realtime.internal.memory;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The clock of the engine that uses a backend, which is made before any engine is. */
final class EngineTime implements Time {
    private volatile @Nullable Time engine;

    void set(Time time) {
        engine = time;
    }

    static IllegalStateException none() {
        return new IllegalStateException("no engine uses this backend yet");
    }

    private Time engine() {
        Time time = engine;
        if (time == null) {
            throw none();
        }
        return time;
    }

    @Override
    public Instant now() {
        return engine().now();
    }

    @Override
    public long nanoTime() {
        return engine().nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return engine().schedule(delay, task);
    }
}
