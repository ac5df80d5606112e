package dev.realtime.standalone;

import java.nio.charset.StandardCharsets;

/** Why a WebSocket has ended (RFC 6455 section 7.1.5): what the first close frame said, whoever sent it. Thread-safe. */
final class CloseStatus {
    private static final int NO_CLOSE_FRAME = 1006;
    static final int LONGEST_REASON = 123; // bytes: a control frame has 125

    private int code = NO_CLOSE_FRAME;
    private String reason = "";

    /** Keeps what a close frame says, unless there was one before. */
    synchronized void set(int said, String why) {
        if (code == NO_CLOSE_FRAME) {
            code = said;
            reason = why;
        }
    }

    synchronized int code() {
        return code;
    }

    synchronized String reason() {
        return reason;
    }

    /** Returns as much of a reason as a close frame can hold. */
    static String shortened(String reason) {
        String text = reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
