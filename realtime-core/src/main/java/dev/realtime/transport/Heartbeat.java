package dev.realtime.transport;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * The options by which a dead connection is noticed (Engine.IO v4, "Heartbeat"): the server sends a ping every {@link #interval()} and
 * closes the connection when no pong has come within {@link #timeout()}. The client learns both in the handshake, and takes the server for
 * dead when no ping has come within their sum. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(10)).timeout(Duration.ofSeconds(5)))
 * }</pre>
 */
public final class Heartbeat {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** A ping every 25 seconds and 20 seconds for its pong, as with Node.js. */
    public static final Heartbeat DEFAULT = new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(20));

    private final Duration interval;
    private final Duration timeout;

    private Heartbeat(Duration interval, Duration timeout) {
        this.interval = interval;
        this.timeout = timeout;
    }

    /** Returns the time between two pings. */
    public Duration interval() {
        return interval;
    }

    /**
     * Sets the time between two pings.
     *
     * @param value between 100 ms and one day; default 25 s
     * @throws IllegalArgumentException if the value is out of range
     */
    public Heartbeat interval(Duration value) {
        Objects.requireNonNull(value, "interval");
        return new Heartbeat(Range.between(SHORTEST, LONGEST, "Heartbeat.interval", value), timeout);
    }

    /** Returns the time that a client has for its pong. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Sets the time that a client has for its pong. Of many that are silent at once, as behind a network that is cut, a thousand a second are let go, and who
     * answers until its turn comes stays.
     *
     * @param value between 100 ms and one day; default 20 s
     * @throws IllegalArgumentException if the value is out of range
     */
    public Heartbeat timeout(Duration value) {
        Objects.requireNonNull(value, "timeout");
        return new Heartbeat(interval, Range.between(SHORTEST, LONGEST, "Heartbeat.timeout", value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Heartbeat that && interval.equals(that.interval) && timeout.equals(that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(interval, timeout);
    }

    @Override
    public String toString() {
        return "Heartbeat[interval=" + interval + ", timeout=" + timeout + "]";
    }
}
