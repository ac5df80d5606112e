package dev.realtime.redis;

import java.util.function.Consumer;

/**
 * How much a {@link RedisIntake} takes of each channel; what is more is dropped, and counted by the reason. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * IntakeLimits.DEFAULT.maxMessageBytes(4_096).messagesPerSecond(100)
 * }</pre>
 */
public final class IntakeLimits implements Cloneable {
    /** All as its methods say. */
    public static final IntakeLimits DEFAULT = new IntakeLimits();

    private int maxMessageBytes = 64 << 10;
    private int messagesPerSecond = 500;
    private int maxWaiting = 1_024;
    private long maxWaitingBytes = 8L << 20;

    private IntakeLimits() {}

    /**
     * Sets how large one message may be.
     *
     * @param bytes 64 to 16 MiB; default 64 KiB
     */
    public IntakeLimits maxMessageBytes(int bytes) {
        check(bytes >= 64 && bytes <= 16 << 20, "maxMessageBytes", bytes, "between 64 and 16777216");
        return with(copy -> copy.maxMessageBytes = bytes);
    }

    /**
     * Sets how many messages of a channel are taken in any second, by this node.
     *
     * @param messages 1 to 100,000; default 500
     */
    public IntakeLimits messagesPerSecond(int messages) {
        check(messages >= 1 && messages <= 100_000, "messagesPerSecond", messages, "between 1 and 100000");
        return with(copy -> copy.messagesPerSecond = messages);
    }

    /**
     * Sets how many messages of a channel may wait for its handler.
     *
     * @param messages 1 to 100,000; default 1,024
     */
    public IntakeLimits maxWaiting(int messages) {
        check(messages >= 1 && messages <= 100_000, "maxWaiting", messages, "between 1 and 100000");
        return with(copy -> copy.maxWaiting = messages);
    }

    /**
     * Sets how many bytes of a channel may wait for its handler.
     *
     * @param bytes 64 to 1 GiB; default 8 MiB
     */
    public IntakeLimits maxWaitingBytes(long bytes) {
        check(bytes >= 64 && bytes <= 1 << 30, "maxWaitingBytes", bytes, "between 64 and 1073741824");
        return with(copy -> copy.maxWaitingBytes = bytes);
    }

    private IntakeLimits with(Consumer<IntakeLimits> change) {
        try {
            IntakeLimits copy = (IntakeLimits) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(boolean right, String option, long value, String would) {
        if (!right) {
            throw new IllegalArgumentException("IntakeLimits." + option + " must be " + would + ", but is " + value);
        }
    }

    /** Returns what {@link #maxMessageBytes(int)} has set. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns what {@link #messagesPerSecond(int)} has set. */
    public int messagesPerSecond() {
        return messagesPerSecond;
    }

    /** Returns what {@link #maxWaiting(int)} has set. */
    public int maxWaiting() {
        return maxWaiting;
    }

    /** Returns what {@link #maxWaitingBytes(long)} has set. */
    public long maxWaitingBytes() {
        return maxWaitingBytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IntakeLimits that && that.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return "IntakeLimits[maxMessageBytes=" + maxMessageBytes + ", messagesPerSecond=" + messagesPerSecond
                + ", maxWaiting=" + maxWaiting + ", maxWaitingBytes=" + maxWaitingBytes + "]";
    }
}
