package dev.realtime.redis.internal.connection;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is taken for unreachable. It begins when what waits for Redis has waited past its deadline; from then on one probe at a
 * time asks whether Redis is back, and the outage ends when what the probe found has been put in order. Thread-safe.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final CircuitBreaker breaker;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** @param probeInterval between two probes */
    public Outage(Duration probeInterval) {
        this.breaker = CircuitBreaker.of(
                "realtime-redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(probeInterval)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
    }

    /** @param changed called after an outage has begun or ended, to be quick */
    public void listen(Runnable changed) {
        listeners.add(changed);
    }

    public boolean isOn() {
        return breaker.getState() != CircuitBreaker.State.CLOSED;
    }

    /** Whether it is being found out that Redis is back. */
    public boolean isProbing() {
        return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** The deadline has passed. */
    public synchronized void begin(String why, @Nullable Throwable cause) {
        if (isOn()) {
            return;
        }
        LOG.error("Redis cannot be reached ({}): this node goes on by itself", why, cause);
        breaker.onError(
                0, TimeUnit.NANOSECONDS, cause == null ? new IllegalStateException(why) : cause);
        tell();
    }

    /** Whether the caller is the one to probe now; it then has to say how that went. */
    public boolean mayProbe() {
        return breaker.tryAcquirePermission();
    }

    public void probeFailed(Throwable cause) {
        breaker.onError(0, TimeUnit.NANOSECONDS, cause);
    }

    public void probeSucceeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        LOG.info("Redis is back");
        tell();
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
