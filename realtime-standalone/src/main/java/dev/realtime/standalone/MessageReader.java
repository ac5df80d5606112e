package dev.realtime.standalone;

import dev.realtime.spi.ConnectionListener;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Joins frames to messages, inflates and decodes them, and delivers them to the engine. Owns nothing between two messages. */
final class MessageReader {
    private final ConnectionListener listener;
    private final @Nullable Deflate deflate;
    private final IntSupplier maxMessage;

    private @Nullable ByteArrayOutputStream parts;
    private boolean binary;
    private boolean compressed;
    private int inflated; // since the connection last rested

    MessageReader(ConnectionListener listener, @Nullable Deflate deflate, IntSupplier maxMessage) {
        this.listener = listener;
        this.deflate = deflate;
        this.maxMessage = maxMessage;
    }

    void frame(int opcode, boolean last, boolean rsv1, byte[] payload) throws ProtocolViolationException {
        if (opcode != 0) {
            binary = opcode == 2;
            compressed = rsv1;
        }
        ByteArrayOutputStream earlier = parts;
        if (last && earlier == null) {
            deliver(payload);
            return;
        }
        if (earlier == null) {
            earlier = new ByteArrayOutputStream(payload.length);
            parts = earlier;
        }
        earlier.write(payload, 0, payload.length);
        if (last) {
            parts = null;
            deliver(earlier.toByteArray());
        }
    }

    /** What is held of a message that is not complete, in bytes. */
    int held() {
        ByteArrayOutputStream earlier = parts;
        return earlier == null ? 0 : earlier.size();
    }

    /** Whether inflating has given so many bytes since this was last so. */
    boolean takeInflated(int many) {
        if (inflated < many) {
            return false;
        }
        inflated = 0;
        return true;
    }

    private void deliver(byte[] received) throws ProtocolViolationException {
        byte[] bytes = received;
        if (compressed && deflate != null) {
            bytes = deflate.inflate(received, maxMessage.getAsInt());
            inflated += bytes.length;
        }
        if (binary) {
            listener.binary(bytes);
        } else {
            listener.text(decode(bytes));
        }
    }

    /** The JDK's fast decoder replaces what is malformed, so only a text with a replacement character is worth the strict one. */
    private static String decode(byte[] utf8) throws ProtocolViolationException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolViolationException(ProtocolViolationException.BAD_DATA, "text is not UTF-8");
        }
    }
}
