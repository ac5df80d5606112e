package dev.realtime.spi;

import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec that turns Java values into the JSON that clients see, and back. Binary values ({@code byte[]}, {@code ByteBuffer}) travel as
 * attachments wherever they stand in a payload. Thread-safe.
 */
public interface JsonCodec {

    /**
     * Encodes the arguments of an event, or of an acknowledgement. What comes out must be acceptable to every client: at most
     * {@link EventData#MAX_ATTACHMENTS} attachments with one placeholder each, no other object whose member {@code _placeholder} is not false, no key
     * twice in an object, no number beyond the range of doubles, nested no deeper than 64.
     *
     * @param event the name, which becomes the first value; null for an acknowledgement
     * @param arguments the values, some of which may be null
     * @throws EncodeException when a value has no JSON form
     */
    EventData encode(@Nullable String event, List<? extends @Nullable Object> arguments);

    /**
     * Binds one JSON value.
     *
     * @param json the text of exactly one value
     * @param attachments what its placeholders point to; not copied
     * @param type what the text is to become, with its type arguments
     * @return the value; null for {@code null}
     * @throws DecodeException when the text is not a value of that type; the message is safe to be shown to the client
     * @throws IllegalStateException when the application is at fault: no text is a value of that type
     */
    @Nullable
    Object decode(String json, List<byte[]> attachments, Type type);

    /**
     * Reads back a value of the application's own, such as an attribute in a session's record, as it was: nothing is demanded of it that is demanded of a client.
     *
     * @param json what {@link #encode} has made of it
     * @param type of the value that was encoded
     * @return the value; null for {@code null}
     */
    default @Nullable Object decodeOwn(String json, Type type) {
        return decode(json, List.of(), type);
    }

    /**
     * Checks a type that will be read. An engine that is built asks for each of them; by default each passes.
     *
     * @throws IllegalArgumentException naming the type and why it cannot be read
     */
    default void checkReadable(Type type) {}

    /**
     * Checks a type that will be written as an answer. An engine that is built asks for each of them; by default each passes.
     *
     * @throws IllegalArgumentException naming the type and why it cannot be written
     */
    default void checkWritable(Type type) {}

    /** A value that has no JSON form, or one that is too large: a mistake of the program that has made it. */
    final class EncodeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        /** @param message what has no form, for the log of the application */
        public EncodeException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A value of a client that is not of the expected type. Its message is safe to be shown to that client. */
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
