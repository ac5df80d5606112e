package dev.realtime.limits;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * What may wait for one connection that does not read, and for how long. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().outbox(OutboxLimits.DEFAULT.maxMessages(1_000).stallTimeout(Duration.ofSeconds(5)))
 * }</pre>
 */
public final class OutboxLimits {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 1 MiB in 4,096 messages, 20 seconds without progress, and the end of the connection when a reliable message finds no room. */
    public static final OutboxLimits DEFAULT =
            new OutboxLimits(1 << 20, 4_096, Duration.ofSeconds(20), Overflow.DISCONNECT);

    private final int maxBytes;
    private final int maxMessages;
    private final Duration stallTimeout;
    private final Overflow overflow;

    private OutboxLimits(int maxBytes, int maxMessages, Duration stallTimeout, Overflow overflow) {
        this.maxBytes = maxBytes;
        this.maxMessages = maxMessages;
        this.stallTimeout = stallTimeout;
        this.overflow = overflow;
    }

    /** Returns how many bytes may wait. */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Sets how many bytes may wait for one connection.
     *
     * @param value in bytes, at least 1,024; default 1 MiB
     * @throws IllegalArgumentException if the value is out of range
     */
    public OutboxLimits maxBytes(int value) {
        int bytes = Range.atLeast(1_024, "OutboxLimits.maxBytes", value);
        return new OutboxLimits(bytes, maxMessages, stallTimeout, overflow);
    }

    /** Returns how many messages may wait. */
    public int maxMessages() {
        return maxMessages;
    }

    /**
     * Sets how many messages may wait for one connection.
     *
     * @param value at least 8; default 4,096
     * @throws IllegalArgumentException if the value is out of range
     */
    public OutboxLimits maxMessages(int value) {
        int messages = Range.atLeast(8, "OutboxLimits.maxMessages", value);
        return new OutboxLimits(maxBytes, messages, stallTimeout, overflow);
    }

    /** Returns how long a connection may take nothing while something waits for it. */
    public Duration stallTimeout() {
        return stallTimeout;
    }

    /**
     * Sets how long a connection may take nothing while something waits for it. Then it is closed with {@link
     * DisconnectReason#SLOW_CONSUMER}; of many at once a thousand a second are, and who takes something until its turn comes stays.
     *
     * @param value between 100 ms and one day; default 20 s
     * @throws IllegalArgumentException if the value is out of range
     */
    public OutboxLimits stallTimeout(Duration value) {
        Objects.requireNonNull(value, "stallTimeout");
        Duration timeout = Range.between(SHORTEST, LONGEST, "OutboxLimits.stallTimeout", value);
        return new OutboxLimits(maxBytes, maxMessages, timeout, overflow);
    }

    /** Returns what happens when a reliable message finds no room. */
    public Overflow overflow() {
        return overflow;
    }

    /**
     * Sets what happens when a reliable message finds no room. Volatile ones are dropped before that.
     *
     * @param value default {@link Overflow#DISCONNECT}
     */
    public OutboxLimits overflow(Overflow value) {
        Objects.requireNonNull(value, "overflow");
        return new OutboxLimits(maxBytes, maxMessages, stallTimeout, value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutboxLimits that
                && maxBytes == that.maxBytes
                && maxMessages == that.maxMessages
                && stallTimeout.equals(that.stallTimeout)
                && overflow == that.overflow;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxBytes, maxMessages, stallTimeout, overflow);
    }

    @Override
    public String toString() {
        return "OutboxLimits[maxBytes=" + maxBytes + ", maxMessages=" + maxMessages + ", stallTimeout=" + stallTimeout
                + ", overflow=" + overflow + "]";
    }
}
