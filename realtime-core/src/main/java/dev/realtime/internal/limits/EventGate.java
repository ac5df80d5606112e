package dev.realtime.internal.limits;

import dev.realtime.spi.Time;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/** How many events a node takes in a second, of all its clients together. Thread-safe. */
public final class EventGate {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Time time;
    private final long origin;
    private final RateLimiter events;

    public EventGate(int perSecond, Time time) {
        this.time = time;
        this.origin = time.nanoTime();
        this.events = RateLimiter.of(
                "realtime-events",
                RateLimiterConfig.custom()
                        .limitRefreshPeriod(SECOND)
                        .limitForPeriod(perSecond)
                        .timeoutDuration(Duration.ZERO)
                        .build(),
                time::nanoTime);
    }

    /** Counts an event if there is room for it: returns 0, else the nanoseconds until there is. */
    public long admit() {
        return events.acquirePermission() ? 0 : SECOND.toNanos() - (time.nanoTime() - origin) % SECOND.toNanos();
    }
}
