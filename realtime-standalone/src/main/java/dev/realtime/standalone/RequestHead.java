package dev.realtime.standalone;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a request, checked.
 *
 * @param path as sent
 * @param query as sent, null when there is none
 * @param current HTTP/1.1, else HTTP/1.0
 * @param headers by lower-case name
 * @param length of the body; {@link #CHUNKED} when it says so itself
 */
record RequestHead(
        String method,
        String path,
        @Nullable String query,
        boolean current,
        Map<String, List<String>> headers,
        long length) {
    static final long CHUNKED = -1;

    boolean hasBody() {
        return length != 0;
    }

    /** Whether the connection may carry another request. */
    boolean keepsAlive() {
        return current && !names("connection", "close");
    }

    boolean expectsContinue() {
        return current && headers.containsKey("expect");
    }

    boolean offersWebSocket() {
        return "websocket".equalsIgnoreCase(first("upgrade"));
    }

    /** Whether a header that is a list of words has this one. */
    boolean names(String header, String word) {
        for (String value : headers.getOrDefault(header, List.of())) {
            for (String part : value.split(",", -1)) {
                if (part.trim().toLowerCase(Locale.ROOT).equals(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Nullable
    String first(String header) {
        List<String> values = headers.get(header);
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
