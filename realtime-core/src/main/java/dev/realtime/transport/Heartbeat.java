package dev.realtime.transport;

import java.time.Duration;
import java.util.Objects;

/**
 * How a dead connection is noticed (Engine.IO v4, "Heartbeat"): the server pings every {@code interval} and gives up when no pong
 * came within {@code timeout}. A client notices a dead server after the sum of both.
 *
 * @param interval between two pings; default 25 s
 * @param timeout for the pong; default 20 s
 */
public record Heartbeat(Duration interval, Duration timeout) {
    public static final Heartbeat DEFAULT = new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(20));

    public Heartbeat {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(timeout, "timeout");
        if (interval.toMillis() < 100 || timeout.toMillis() < 100) {
            throw new IllegalArgumentException(
                    "heartbeat interval and timeout must be at least 100 ms, but are " + interval + " and " + timeout);
        }
    }
}
