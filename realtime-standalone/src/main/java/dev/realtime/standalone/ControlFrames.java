package dev.realtime.standalone;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The control frames of RFC 6455 section 5.5, as a server writes and reads them. */
final class ControlFrames {
    static final int CLOSE = 8;
    static final int PING = 9;
    private static final int PONG = 10;

    static final int NORMAL = 1000;

    /** Told to the engine where a close frame has no code; never sent. */
    static final int NO_STATUS = 1005;

    private ControlFrames() {}

    static byte[] pong(byte[] payload) {
        return frame(PONG, payload);
    }

    /** @param reason of at most {@value CloseStatus#LONGEST_REASON} bytes */
    static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return frame(
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    private static byte[] frame(int opcode, byte[] payload) {
        byte[] wire = new byte[2 + payload.length];
        wire[0] = (byte) (0x80 | opcode);
        wire[1] = (byte) payload.length;
        System.arraycopy(payload, 0, wire, 2, payload.length);
        return wire;
    }

    /**
     * What a close frame says.
     *
     * @param code {@link #NO_STATUS} where it has none
     */
    record Goodbye(int code, String reason) {}

    /** Reads the payload of a close frame, by sections 5.5.1 and 7.4. */
    static Goodbye readClose(byte[] payload) throws ProtocolViolationException {
        if (payload.length == 0) {
            return new Goodbye(NO_STATUS, "");
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!maySay(code)) {
            throw new ProtocolViolationException(ProtocolViolationException.PROTOCOL_ERROR, "bad close frame");
        }
        try {
            return new Goodbye(
                    code,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload, 2, payload.length - 2))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ProtocolViolationException(ProtocolViolationException.BAD_DATA, "bad close frame");
        }
    }

    /** 1004 to 1006 never stand in a frame; from 1015 to 2999 nothing is defined; 3000 to 4999 are for libraries and applications. */
    private static boolean maySay(int code) {
        return (code >= NORMAL && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
