package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The errors of the Engine.IO protocol, with the codes and sentences that its clients know, as JSON bodies. */
enum EngineError implements Refusal {
    UNKNOWN_TRANSPORT(0, "Transport unknown", 400),
    UNKNOWN_SID(1, "Session ID unknown", 400),
    BAD_HANDSHAKE_METHOD(2, "Bad handshake method", 400),
    BAD_REQUEST(3, "Bad request", 400),
    FORBIDDEN(4, "Forbidden", 403),
    UNSUPPORTED_VERSION(5, "Unsupported protocol version", 400),
    /** Not one of the protocol's own: a body above the limit. */
    PAYLOAD_TOO_LARGE(3, "Payload too large", 413),
    /** Not one of the protocol's own: too many handshakes; worth another try. */
    TOO_MANY(4, "Too many connections", 429),
    /** Not one of the protocol's own: the application failed to judge the request. */
    INTERNAL(4, "Internal error", 500),
    /** Not one of the protocol's own: the server stops or is full. */
    UNAVAILABLE(4, "Server unavailable", 503);

    private final int code;
    private final String message;
    private final int status;

    EngineError(int code, String message, int status) {
        this.code = code;
        this.message = message;
        this.status = status;
    }

    @Override
    public HttpReply reply(Map<String, String> headers) {
        return reply(headers, status, '"' + message + '"');
    }

    /** As {@link #reply(Map)}, and says when to come again: to what reads headers in seconds, to what reads the body in milliseconds. */
    HttpReply reply(Map<String, String> headers, Duration retryAfter) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        long millis = Math.max(1, (retryAfter.toNanos() + 999_999) / 1_000_000);
        all.put("Retry-After", Long.toString((millis + 999) / 1_000));
        String body = "{\"code\":" + code + ",\"message\":\"" + message + "\",\"retryAfterMs\":" + millis + "}";
        return new HttpReply(status, all, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * As {@link #reply(Map)}, with another status and message.
     *
     * @param quoted the message as JSON
     */
    HttpReply reply(Map<String, String> headers, int otherStatus, String quoted) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        if (otherStatus == TOO_MANY.status || otherStatus == UNAVAILABLE.status) {
            all.put("Retry-After", "1");
        }
        String body = "{\"code\":" + code + ",\"message\":" + quoted + "}";
        return new HttpReply(otherStatus, all, body.getBytes(StandardCharsets.UTF_8));
    }
}
