package dev.realtime.transport;

import dev.realtime.internal.options.Range;
import java.util.Objects;

/**
 * The options of WebSocket compression (permessage-deflate, RFC 7692), which is used where the client offers it. Messages are compressed
 * without context takeover, so that one compressed message serves every recipient. In a servlet container the container compresses, each
 * message for each recipient, and decides itself which ones. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().compression(Compression.DEFAULT.enabled(true).threshold(4_096))
 * }</pre>
 */
public final class Compression {
    /** No compression, as with Node.js: it costs more CPU than most games save in traffic. */
    public static final Compression DEFAULT = new Compression(false, 1_024);

    private final boolean enabled;
    private final int threshold;

    private Compression(boolean enabled, int threshold) {
        this.enabled = enabled;
        this.threshold = threshold;
    }

    /** Returns whether messages are compressed for clients that offer it. */
    public boolean enabled() {
        return enabled;
    }

    /**
     * Sets whether messages are compressed for clients that offer it.
     *
     * @param value default false
     */
    public Compression enabled(boolean value) {
        return new Compression(value, threshold);
    }

    /** Returns the size in bytes from which messages are compressed. */
    public int threshold() {
        return threshold;
    }

    /**
     * Sets the size from which messages are compressed; smaller ones are sent as they are.
     *
     * @param value in bytes, at least 0; default 1,024
     * @throws IllegalArgumentException if the value is out of range
     */
    public Compression threshold(int value) {
        return new Compression(enabled, Range.atLeast(0, "Compression.threshold", value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Compression that && enabled == that.enabled && threshold == that.threshold;
    }

    @Override
    public int hashCode() {
        return Objects.hash(enabled, threshold);
    }

    @Override
    public String toString() {
        return "Compression[enabled=" + enabled + ", threshold=" + threshold + "]";
    }
}
