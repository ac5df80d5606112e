package dev.realtime.spi;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO packet as bytes, built once and shared by every recipient: on a WebSocket it is one message, in a polling payload
 * one packet. Text bytes start with the Engine.IO packet type; binary bytes are the attachment itself. Nobody modifies the bytes.
 *
 * <p>A transport that can put bytes on a socket itself may keep what it makes of the frame (a WebSocket header and payload, a
 * compressed copy) by {@link #cached}, so that a thousand recipients share one framing.
 */
public final class Frame {
    private final byte[] bytes;
    private final boolean binary;
    private volatile @Nullable Object plain;
    private volatile @Nullable Object compressed;

    private Frame(byte[] bytes, boolean binary) {
        this.bytes = bytes;
        this.binary = binary;
    }

    /** A text frame; {@code utf8} must be well-formed UTF-8 and starts with the Engine.IO packet type. */
    public static Frame text(byte[] utf8) {
        return new Frame(utf8, false);
    }

    /** A binary frame. */
    public static Frame binary(byte[] bytes) {
        return new Frame(bytes, true);
    }

    public boolean isBinary() {
        return binary;
    }

    /** The payload; shared, never to be modified. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length of the payload in bytes. */
    public int size() {
        return bytes.length;
    }

    /**
     * What the transport made of this frame earlier, or what {@code make} makes of it now. Two threads may both make it; one
     * result is kept. A process should use one transport's representation per {@code compressed} flag: the type is the caller's.
     *
     * @param deflated whether this is the representation for connections that negotiated compression
     */
    @SuppressWarnings("unchecked")
    public <T> T cached(boolean deflated, Class<T> type, Function<Frame, T> make) {
        Object known = deflated ? compressed : plain;
        if (type.isInstance(known)) {
            return (T) known;
        }
        T made = make.apply(this);
        if (deflated) {
            compressed = made;
        } else {
            plain = made;
        }
        return made;
    }
}
