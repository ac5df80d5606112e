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
     * Encodes the arguments of an event or, without a name, of an acknowledgement. What comes out must be acceptable to every client: at most
     * {@link EventData#MAX_ATTACHMENTS} attachments with one placeholder each, no other object whose member {@code _placeholder} is not false, no key
     * twice in an object, no number beyond the range of doubles, nested no deeper than 64.
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
     * @throws IllegalStateException when the application is at fault: no text is a value of that type
     */
    @Nullable
    Object decode(String json, List<byte[]> attachments, Type type);

    /**
     * Reads back a value of the application's own, such as an attribute in a session's record, as it was: nothing is demanded of it that is demanded of a client.
     *
     * @param json what {@link #encode} has made of it
     */
    default @Nullable Object decodeOwn(String json, Type type) {
        return decode(json, List.of(), type);
    }

    /**
     * Asked, when an engine is built, for every type that it will be told to read.
     *
     * @throws IllegalArgumentException naming the type and why it cannot be read
     */
    default void checkReadable(Type type) {}

    /**
     * Asked, when an engine is built, for every type that it will be told to write as an answer.
     *
     * @throws IllegalArgumentException naming the type and why it cannot be written
     */
    default void checkWritable(Type type) {}

    /** A value that has no JSON form, or one that is too large: a mistake of the program that has made it. */
    final class EncodeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        public EncodeException(String message, @Nullable Throwable cause) {
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
