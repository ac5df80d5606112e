package dev.realtime.standalone;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a client into WebSocket frames (RFC 6455 section 5) and hands them on unmasked. Judges a frame by its header, before
 * its payload costs memory; the payload's buffer grows with what has arrived, not with what was announced. Owns nothing between two
 * frames. One thread at a time.
 */
final class FrameReader {
    private static final int FIRST_BUFFER = 4_096;
    private static final int LONGEST_HEADER = 14;

    /** Where frames go. */
    interface Sink {
        /** A frame of a message; {@code opcode} is 0 for a continuation. The array is the sink's. */
        void data(int opcode, boolean last, boolean compressed, byte[] payload) throws ProtocolViolationException;

        /** Close, ping or pong. */
        void control(int opcode, byte[] payload) throws ProtocolViolationException;

        /** How large a message may be that begins or goes on now. */
        int maxMessage();

        /** Whether the next frame is wanted now; if not, it is left in the buffer. */
        boolean wantsMore();
    }

    private final Sink sink;
    private final boolean compression;

    private @Nullable ByteBuffer header; // only while one is incomplete
    private byte @Nullable [] payload; // only while a frame is incomplete
    private int filled;
    private int length;
    private int mask;
    private byte first;
    private boolean inMessage;
    private int messageBytes;

    FrameReader(Sink sink, boolean compression) {
        this.sink = sink;
        this.compression = compression;
    }

    /** What is held of a frame that is not complete, in bytes. */
    int held() {
        byte[] partial = payload;
        return partial == null ? 0 : partial.length;
    }

    /** Reads until the buffer is empty or the sink wants no more. */
    void read(ByteBuffer in) throws ProtocolViolationException {
        while (in.hasRemaining()) {
            byte[] body = payload;
            if (body == null && !sink.wantsMore()) {
                return;
            }
            if (body == null) {
                if (!readHeader(in)) {
                    return;
                }
                body = new byte[Math.min(length, Math.max(FIRST_BUFFER, in.remaining()))];
                filled = 0;
            }
            payload = readPayload(in, body);
        }
    }

    private boolean readHeader(ByteBuffer in) throws ProtocolViolationException {
        ByteBuffer partial = header;
        if (partial == null && headerComplete(in, in.position(), in.remaining())) {
            parse(in);
            return true;
        }
        if (partial == null) {
            partial = ByteBuffer.allocate(LONGEST_HEADER);
            header = partial;
        }
        while (in.hasRemaining() && !headerComplete(partial, 0, partial.position())) {
            partial.put(in.get());
        }
        if (!headerComplete(partial, 0, partial.position())) {
            return false;
        }
        header = null;
        parse(partial.flip());
        return true;
    }

    private static boolean headerComplete(ByteBuffer bytes, int from, int available) {
        if (available < 2) {
            return false;
        }
        int second = bytes.get(from + 1);
        int size = second & 0x7f;
        int extended = size == 126 ? 2 : size == 127 ? 8 : 0;
        return available >= 2 + extended + (second < 0 ? 4 : 0);
    }

    private void parse(ByteBuffer in) throws ProtocolViolationException {
        first = in.get();
        int second = in.get();
        long announced = second & 0x7f;
        if (announced == 126) {
            announced = in.getShort() & 0xffff;
        } else if (announced == 127) {
            announced = in.getLong();
        }
        if ((second & 0x7f) > 125 && announced >= 0 && announced < ((second & 0x7f) == 126 ? 126 : 65_536)) {
            throw new ProtocolViolationException(
                    ProtocolViolationException.PROTOCOL_ERROR, "length is not written in its shortest form");
        }
        if (second >= 0) {
            throw new ProtocolViolationException(ProtocolViolationException.PROTOCOL_ERROR, "frame is not masked");
        }
        mask = in.getInt();
        judge(first & 0x0f, first < 0, announced);
        length = (int) announced;
    }

    private void judge(int opcode, boolean last, long announced) throws ProtocolViolationException {
        boolean control = opcode >= 8;
        if ((first & 0x30) != 0 || ((first & 0x40) != 0 && (!compression || control || opcode == 0))) {
            throw new ProtocolViolationException(ProtocolViolationException.PROTOCOL_ERROR, "reserved bit is set");
        }
        if (control) {
            if (opcode > 10 || !last || announced > 125) {
                throw new ProtocolViolationException(ProtocolViolationException.PROTOCOL_ERROR, "bad control frame");
            }
            return;
        }
        if (opcode > 2 || (opcode == 0) != inMessage) {
            throw new ProtocolViolationException(ProtocolViolationException.PROTOCOL_ERROR, "unexpected frame");
        }
        int maxPayload = sink.maxMessage();
        if (announced < 0 || announced > maxPayload - messageBytes) {
            throw new ProtocolViolationException(
                    ProtocolViolationException.TOO_BIG, "message is larger than " + maxPayload + " bytes");
        }
        inMessage = !last;
        messageBytes =
                last ? 0 : messageBytes + Math.max(1, (int) announced); // else empty fragments could go on for ever
    }

    /** Returns the buffer of the unfinished frame, or null when the frame was whole and has been handed on. */
    private byte @Nullable [] readPayload(ByteBuffer in, byte[] buffer) throws ProtocolViolationException {
        byte[] body = buffer;
        int now = Math.min(in.remaining(), length - filled);
        if (filled + now > body.length) {
            body = Arrays.copyOf(body, (int) Math.min(length, Math.max(filled + now, body.length * 2L)));
        }
        in.get(body, filled, now);
        filled += now;
        if (filled < length) {
            return body;
        }
        unmask(body, mask);
        int opcode = first & 0x0f;
        payload = null;
        if (opcode >= 8) {
            sink.control(opcode, body);
        } else {
            sink.data(opcode, first < 0, (first & 0x40) != 0, body);
        }
        return null;
    }

    private static void unmask(byte[] bytes, int mask) {
        if (mask == 0) {
            return;
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (mask >> (24 - 8 * (i & 3)));
        }
    }
}
