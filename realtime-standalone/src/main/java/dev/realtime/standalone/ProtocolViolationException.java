package dev.realtime.standalone;

/** The client broke the WebSocket protocol or a limit; the connection ends with this close code. */
final class ProtocolViolationException extends Exception {
    private static final long serialVersionUID = 1;

    static final int PROTOCOL_ERROR = 1002;
    static final int BAD_DATA = 1007;
    static final int TOO_BIG = 1009;
    static final int TRY_AGAIN_LATER = 1013;

    private final int code;

    ProtocolViolationException(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
