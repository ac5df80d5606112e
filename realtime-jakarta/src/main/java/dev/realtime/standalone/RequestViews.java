package dev.realtime.standalone;

import dev.realtime.spi.RequestView;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the engine sees of a request. */
final class RequestViews {
    private RequestViews() {}

    static RequestView of(RequestHead head, String remoteAddress, boolean secure) {
        return new RequestView(
                head.method(), decode(head.path(), false), query(head.query()), head.headers(), remoteAddress, secure);
    }

    /** Decodes each name and value once, in order. What cannot be decoded stays as it is. */
    static Map<String, List<String>> query(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        int at = 0;
        while (at <= query.length()) {
            int end = query.indexOf('&', at);
            String pair = query.substring(at, end < 0 ? query.length() : end);
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                parameters.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
            }
            at = end < 0 ? query.length() + 1 : end + 1;
        }
        return parameters;
    }

    private static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        try {
            return URLDecoder.decode(plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
