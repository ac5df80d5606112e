package dev.realtime.internal.limits;

import dev.realtime.ErrorCode;
import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Time;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a node takes: in all and from one address, now and per second. What is refused for the address's sake costs the
 * node's own budget nothing.
 */
public final class ConnectionGate {
    private static final int HANDSHAKE = 0;
    private static final int UPGRADE = 1;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Nobody knows when there will be room. */
    public static final Duration NO_ROOM = Duration.ofSeconds(5);

    private final Time time;
    private final long origin;
    private final RefusalReporter refusals;
    private final RateLimiter handshakes;
    private final RateScope addresses;
    private final Places places;

    /** What a limit says of an attempt. */
    public enum Limit {
        /** All connections of the node, at a time. */
        ALL(ErrorCode.TOO_MANY_CONNECTIONS, "Limits.maxConnections"),
        ADDRESS(ErrorCode.TOO_MANY_CONNECTIONS, "Limits.maxConnectionsPerIp"),
        RATE(ErrorCode.RATE_LIMITED, "Limits.handshakesPerSecond"),
        /** Handshakes of one address, and beside them its upgrades. */
        ADDRESS_RATE(ErrorCode.RATE_LIMITED, "Limits.handshakesPerSecondPerIp");

        private final ErrorCode code;
        private final String option;

        Limit(ErrorCode code, String option) {
            this.code = code;
            this.option = option;
        }
    }

    /**
     * Why an attempt is refused.
     *
     * @param retryAfter when the same may succeed: exact for rates, and a guess where there is no room
     */
    public record Refused(Limit limit, Duration retryAfter) {}

    public ConnectionGate(Limits limits, Time time, RateGate rates, RefusalReporter refusals) {
        this.time = time;
        this.origin = time.nanoTime();
        this.refusals = refusals;
        this.places = new Places(limits.maxConnections(), limits.maxConnectionsPerIp());
        int perIp = limits.handshakesPerSecondPerIp();
        Pace pace = Pace.within(perIp, SECOND, Math.max(1, perIp / 2));
        this.addresses = rates.scope(pace, pace);
        this.handshakes = RateLimiter.of(
                "realtime-handshakes",
                RateLimiterConfig.custom()
                        .limitRefreshPeriod(SECOND)
                        .limitForPeriod(limits.handshakesPerSecond())
                        .timeoutDuration(Duration.ZERO)
                        .build(),
                time::nanoTime);
    }

    /** Judges whether a handshake may go on; counts it, but takes no place yet: a transport may still fail to complete it. Returns null if it may. */
    public @Nullable Refused judge(String address) {
        String key = AddressKey.of(address);
        if (places.areTaken()) {
            return refused(address, Limit.ALL, NO_ROOM);
        }
        if (places.areTakenBy(key)) {
            return refused(address, Limit.ADDRESS, NO_ROOM);
        }
        long wait = addresses.admit(key, HANDSHAKE);
        if (wait > 0) {
            return refused(address, Limit.ADDRESS_RATE, Duration.ofNanos(wait));
        }
        return handshakes.acquirePermission() ? null : refused(address, Limit.RATE, untilNextSecond());
    }

    /** Judges whether a WebSocket may try to take over a connection that has been admitted; it has the same rate as a handshake, and its own budget. */
    public @Nullable Refused judgeUpgrade(String address) {
        long wait = addresses.admit(AddressKey.of(address), UPGRADE);
        return wait == 0 ? null : refused(address, Limit.ADDRESS_RATE, Duration.ofNanos(wait));
    }

    private Refused refused(String address, Limit limit, Duration retryAfter) {
        refusals.connection(address, limit.code.code(), limit.option, retryAfter);
        return new Refused(limit, retryAfter);
    }

    private Duration untilNextSecond() {
        long second = SECOND.toNanos();
        return Duration.ofNanos(second - (time.nanoTime() - origin) % second);
    }

    /** Takes a place, to be {@linkplain #leave given back} once; false when the last one has been taken since. */
    public boolean enter(String address) {
        return places.enter(address);
    }

    public void leave(String address) {
        places.leave(address);
    }

    public int connections() {
        return places.taken();
    }

    /** How many addresses have a connection. */
    public int addresses() {
        return places.addresses();
    }
}
