package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The server's own small replies. */
final class JsonReplies {
    private JsonReplies() {}

    /** {@code message} is the server's own text, never a client's. */
    static HttpReply error(int status, String message) {
        return reply(status, "{\"message\":\"" + message + "\"}", Map.of());
    }

    static HttpReply error(int status, String message, String header, String value) {
        return reply(status, "{\"message\":\"" + message + "\"}", Map.of(header, value));
    }

    static HttpReply reply(int status, String json, Map<String, String> more) {
        java.util.HashMap<String, String> headers = new java.util.HashMap<>(more);
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        return new HttpReply(status, headers, json.getBytes(StandardCharsets.UTF_8));
    }
}
