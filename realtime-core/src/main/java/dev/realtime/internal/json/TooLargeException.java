package dev.realtime.internal.json;

import java.io.IOException;

/** What is being written has grown larger than allowed. */
final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int maxBytes) {
        super("larger than " + maxBytes + " bytes (maxEventSize)");
    }
}
