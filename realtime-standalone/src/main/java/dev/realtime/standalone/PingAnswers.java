package dev.realtime.standalone;

import org.jspecify.annotations.Nullable;

/**
 * The pongs of one turn of reading: the first {@value #EACH} pings are answered one by one, then the latest alone. RFC 6455 section 5.5.3
 * asks for no more, and each answer is a system call. Not thread-safe.
 */
final class PingAnswers {
    private static final int EACH = 16;

    private final FrameOutput output;
    private int answered;
    private byte @Nullable [] latest; // that is not answered yet

    PingAnswers(FrameOutput output) {
        this.output = output;
    }

    void beginTurn() {
        answered = 0;
    }

    void ping(byte[] payload) {
        if (++answered <= EACH) {
            output.pong(payload);
        } else {
            latest = payload;
        }
    }

    /** @param wanted whether the client may still have an answer */
    void endTurn(boolean wanted) {
        byte[] last = latest;
        latest = null;
        if (last != null && wanted) {
            output.pong(last);
        }
    }
}
