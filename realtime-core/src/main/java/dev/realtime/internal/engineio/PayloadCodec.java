package dev.realtime.internal.engineio;

import dev.realtime.internal.engineio.BadPayloadException.Code;
import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The bodies of HTTP long-polling (Engine.IO protocol v4, "HTTP long-polling"): packets between record separators,
 * binary messages as {@code b} and base64.
 *
 * <p>Stateless, thread-safe. The caller has bounded the size of the body.
 */
public final class PayloadCodec {

    private static final char SEPARATOR = '\u001e';
    private static final byte BINARY = 'b';

    /** Reads a request body packet by packet, each when it is wanted: a body may hold half a million. */
    Reader read(String body) {
        return new Reader(body);
    }

    /** A body and how far it has been read. Not thread-safe. */
    static final class Reader {
        private final String body;
        private int from;

        private Reader(String body) {
            this.body = body;
        }

        boolean hasNext() {
            return from >= 0;
        }

        /** Returns the text of the next packet. */
        String next() {
            int separator = body.indexOf(SEPARATOR, from);
            int to = separator < 0 ? body.length() : separator;
            int start = from;
            from = separator < 0 ? -1 : separator + 1;
            return body.substring(start, to);
        }
    }

    /** Whether a packet is a binary message in base64. */
    static boolean isBinary(String packet) {
        return !packet.isEmpty() && packet.charAt(0) == BINARY;
    }

    /** A binary message as text. */
    static Frame base64(Frame binary) {
        byte[] encoded = Base64.getEncoder().encode(binary.bytes());
        byte[] text = new byte[1 + encoded.length];
        text[0] = BINARY;
        System.arraycopy(encoded, 0, text, 1, encoded.length);
        return Frame.text(text);
    }

    /**
     * Encodes a response body. Text frames hold a whole packet (type in front); binary frames are messages.
     *
     * @param frames at least one
     * @return UTF-8
     */
    public byte[] encode(List<Frame> frames) {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("a payload holds at least one packet");
        }
        int size = frames.size() - 1;
        for (Frame frame : frames) {
            size += frame.isBinary() ? 1 + base64Size(frame.size()) : frame.size();
        }
        byte[] payload = new byte[size];
        int at = 0;
        for (Frame frame : frames) {
            if (at > 0) {
                payload[at++] = SEPARATOR;
            }
            byte[] bytes = frame.bytes();
            if (frame.isBinary()) {
                payload[at++] = BINARY;
                bytes = Base64.getEncoder().encode(bytes);
            }
            System.arraycopy(bytes, 0, payload, at, bytes.length);
            at += bytes.length;
        }
        return payload;
    }

    private static int base64Size(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /**
     * Reads a binary message in base64.
     *
     * @throws BadPayloadException if it is not base64
     */
    static byte[] binary(String packet) {
        // Base64 of Android wraps lines by default, and its Engine.IO client did not switch that off.
        String line = packet.indexOf('\n') < 0
                ? packet.substring(1)
                : packet.substring(1).replace("\r", "").replace("\n", "");
        try {
            return Base64.getDecoder().decode(line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new BadPayloadException(Code.BAD_BASE64, "a binary packet that is not base64");
        }
    }
}
