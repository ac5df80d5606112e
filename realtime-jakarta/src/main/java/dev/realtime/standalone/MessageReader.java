package dev.realtime.standalone;

import dev.realtime.spi.ConnectionListener;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Joins frames to messages, inflates and decodes them, and delivers them to the engine. Owns nothing between two messages. */
final class MessageReader {
    private final ConnectionListener listener;
    private final @Nullable Deflate deflate;
    private final int maxPayload;

    private @Nullable ByteArrayOutputStream parts;
    private boolean binary;
    private boolean compressed;

    MessageReader(ConnectionListener listener, @Nullable Deflate deflate, int maxPayload) {
        this.listener = listener;
        this.deflate = deflate;
        this.maxPayload = maxPayload;
    }

    void frame(int opcode, boolean last, boolean rsv1, byte[] payload) throws ProtocolViolation {
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

    private void deliver(byte[] received) throws ProtocolViolation {
        byte[] bytes = compressed && deflate != null ? deflate.inflate(received, maxPayload) : received;
        if (binary) {
            listener.binary(bytes);
        } else {
            listener.text(decode(bytes));
        }
    }

    /** The JDK's fast decoder replaces what is malformed, so only a text with a replacement character is worth the strict one. */
    private static String decode(byte[] utf8) throws ProtocolViolation {
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
            throw new ProtocolViolation(ProtocolViolation.BAD_DATA, "text is not UTF-8");
        }
    }
}
