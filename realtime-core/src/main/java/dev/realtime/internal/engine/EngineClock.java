package dev.realtime.internal.engine;

import dev.realtime.spi.Time;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** The engine's time in the form that Java's own types take. */
final class EngineClock extends Clock {
    private final Time time;
    private final ZoneId zone;

    EngineClock(Time time, ZoneId zone) {
        this.time = time;
        this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new EngineClock(time, other);
    }

    @Override
    public Instant instant() {
        return time.now();
    }
}
