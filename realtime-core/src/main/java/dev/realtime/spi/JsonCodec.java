package dev.realtime.spi;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns Java values into the JSON that clients see, and back. Binary values ({@code byte[]}, {@code ByteBuffer}) travel as
 * attachments wherever they stand in a payload. Thread-safe.
 */
public interface JsonCodec {

    /**
     * Encodes the arguments of an event or, without a name, of an acknowledgement.
     *
     * @throws EncodeException when a value has no JSON form
     */
    EventData encode(@Nullable String event, List<? extends @Nullable Object> arguments);

    /**
     * Binds one JSON value.
     *
     * @param json the text of exactly one value
     * @param attachments what its placeholders point to
     * @throws DecodeException when the text is not a value of that type; the message is safe to be shown to the client
     */
    @Nullable
    Object decode(String json, List<byte[]> attachments, Type type);

    /** A value cannot be encoded. */
    final class EncodeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public EncodeException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The client's value does not fit. */
    final class DecodeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public DecodeException(String safeMessage) {
            super(safeMessage);
        }

        public DecodeException(String safeMessage, Throwable cause) {
            super(safeMessage, cause);
        }
    }
}
