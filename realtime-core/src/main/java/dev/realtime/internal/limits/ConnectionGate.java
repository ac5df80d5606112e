package dev.realtime.internal.limits;

import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Time;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections a node takes: in all and from one address, now and per second. What is refused for the address's sake costs the
 * node's own budget nothing.
 */
public final class ConnectionGate {
    private static final int HANDSHAKE = 0;
    private static final int UPGRADE = 1;

    private final Limits limits;
    private final RateLimiter handshakes;
    private final RateScope addresses;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    /** What the gate says. */
    public enum Verdict {
        ADMITTED,
        TOO_FAST,
        TOO_MANY_FROM_ADDRESS,
        FULL
    }

    public ConnectionGate(Limits limits, Time time, RateGate rates) {
        this.limits = limits;
        int perIp = limits.handshakesPerSecondPerIp();
        Pace pace = Pace.within(perIp, Duration.ofSeconds(1), Math.max(1, perIp / 2));
        this.addresses = rates.scope(pace, pace);
        this.handshakes = RateLimiter.of(
                "realtime-handshakes",
                RateLimiterConfig.custom()
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .limitForPeriod(limits.handshakesPerSecond())
                        .timeoutDuration(Duration.ZERO)
                        .build(),
                time::nanoTime);
    }

    /** Whether a handshake may go on; counts it, but takes no place yet: a transport may still fail to complete it. */
    public Verdict judge(String address) {
        String key = AddressKey.of(address);
        if (all.get() >= limits.maxConnections()) {
            return Verdict.FULL;
        }
        if (byAddress.getOrDefault(key, 0) >= limits.maxConnectionsPerIp()) {
            return Verdict.TOO_MANY_FROM_ADDRESS;
        }
        if (!addresses.admits(key, HANDSHAKE)) {
            return Verdict.TOO_FAST;
        }
        return handshakes.acquirePermission() ? Verdict.ADMITTED : Verdict.TOO_FAST;
    }

    /** Whether a WebSocket may try to take over a connection that has been admitted; it has the same rate as a handshake, and its own budget. */
    public boolean admitsUpgrade(String address) {
        return addresses.admits(AddressKey.of(address), UPGRADE);
    }

    /** Takes a place, to be {@linkplain #leave given back} once; false when the last one has been taken since. */
    public boolean enter(String address) {
        if (all.incrementAndGet() > limits.maxConnections()) {
            all.decrementAndGet();
            return false;
        }
        if (byAddress.merge(AddressKey.of(address), 1, Integer::sum) > limits.maxConnectionsPerIp()) {
            leave(address);
            return false;
        }
        return true;
    }

    public void leave(String address) {
        all.decrementAndGet();
        byAddress.computeIfPresent(AddressKey.of(address), (known, count) -> count == 1 ? null : count - 1);
    }

    public int connections() {
        return all.get();
    }

    /** How many addresses have a connection. */
    public int addresses() {
        return byAddress.size();
    }
}
