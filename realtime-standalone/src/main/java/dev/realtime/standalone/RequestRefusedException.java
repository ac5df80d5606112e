package dev.realtime.standalone;

/** A request that is not taken: answered with a status, then its connection ends. Has no stack, since clients cause it at will. */
final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param reason the server's own text, never a client's */
    RequestRefusedException(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    static RequestRefusedException malformed(String reason) {
        return new RequestRefusedException(400, reason);
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
