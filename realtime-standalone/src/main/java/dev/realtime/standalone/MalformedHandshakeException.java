package dev.realtime.standalone;

/** A request for a WebSocket that breaks RFC 6455; answered with 400. */
final class MalformedHandshakeException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedHandshakeException(String reason) {
        super(reason, null, false, false);
    }
}
