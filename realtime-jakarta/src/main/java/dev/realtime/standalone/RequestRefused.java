package dev.realtime.standalone;

/** A request that is not taken: answered with a status, then its connection ends. Has no stack, since clients cause it at will. */
final class RequestRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param reason the server's own text, never a client's */
    RequestRefused(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    static RequestRefused malformed(String reason) {
        return new RequestRefused(400, reason);
    }

    int status() {
        return status;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
