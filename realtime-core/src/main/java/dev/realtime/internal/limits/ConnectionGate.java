package dev.realtime.internal.limits;

import dev.realtime.Limits;
import dev.realtime.spi.Time;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a node takes: in all, from one address, and per second. */
public final class ConnectionGate {
    private final Limits limits;
    private final RateLimiter handshakes;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    /** What the gate says. */
    public enum Verdict {
        ADMITTED,
        TOO_FAST,
        TOO_MANY_FROM_ADDRESS,
        FULL
    }

    public ConnectionGate(Limits limits, Time time) {
        this.limits = limits;
        this.handshakes = RateLimiter.of(
                "realtime-handshakes",
                RateLimiterConfig.custom()
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .limitForPeriod(limits.handshakesPerSecond())
                        .timeoutDuration(Duration.ZERO)
                        .build(),
                time::nanoTime);
    }

    /** Takes a place; to be {@linkplain #leave given back} once if admitted. */
    public Verdict enter(String address) {
        if (!handshakes.acquirePermission()) {
            return Verdict.TOO_FAST;
        }
        if (all.incrementAndGet() > limits.maxConnections()) {
            all.decrementAndGet();
            return Verdict.FULL;
        }
        int fromAddress = byAddress.merge(address, 1, Integer::sum);
        if (fromAddress > limits.maxConnectionsPerIp()) {
            leave(address);
            return Verdict.TOO_MANY_FROM_ADDRESS;
        }
        return Verdict.ADMITTED;
    }

    public void leave(String address) {
        all.decrementAndGet();
        byAddress.computeIfPresent(address, (known, count) -> count == 1 ? null : count - 1);
    }

    public int connections() {
        return all.get();
    }
}
