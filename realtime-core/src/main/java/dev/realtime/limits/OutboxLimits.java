package dev.realtime.limits;

import dev.realtime.DisconnectReason;
import java.time.Duration;
import java.util.Objects;

/**
 * What may wait for one connection, and for how long.
 *
 * @param maxBytes default 1 MiB
 * @param maxMessages default 4,096
 * @param stallTimeout a connection that takes no byte for this long while some wait is closed with
 *     {@link DisconnectReason#SLOW_CONSUMER}; default 20 s
 * @param overflow what happens when a reliable message finds no room
 */
public record OutboxLimits(int maxBytes, int maxMessages, Duration stallTimeout, Overflow overflow) {
    public static final OutboxLimits DEFAULT =
            new OutboxLimits(1 << 20, 4096, Duration.ofSeconds(20), Overflow.DISCONNECT);

    public OutboxLimits {
        Objects.requireNonNull(stallTimeout, "stallTimeout");
        Objects.requireNonNull(overflow, "overflow");
        if (maxBytes < 1024 || maxMessages < 8) {
            throw new IllegalArgumentException(
                    "an outbox holds at least 1024 bytes and 8 messages, but has " + maxBytes + " and " + maxMessages);
        }
        if (stallTimeout.toMillis() < 100) {
            throw new IllegalArgumentException("stallTimeout must be at least 100 ms, but is " + stallTimeout);
        }
    }

    public OutboxLimits maxBytes(int bytes) {
        return new OutboxLimits(bytes, maxMessages, stallTimeout, overflow);
    }

    public OutboxLimits maxMessages(int messages) {
        return new OutboxLimits(maxBytes, messages, stallTimeout, overflow);
    }

    public OutboxLimits stallTimeout(Duration timeout) {
        return new OutboxLimits(maxBytes, maxMessages, timeout, overflow);
    }

    public OutboxLimits overflow(Overflow policy) {
        return new OutboxLimits(maxBytes, maxMessages, stallTimeout, policy);
    }
}
