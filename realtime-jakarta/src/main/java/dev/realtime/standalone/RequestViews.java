package dev.realtime.standalone;

import dev.realtime.spi.RequestView;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.jspecify.annotations.Nullable;

/** Copies requests: Grizzly recycles its own. */
final class RequestViews {
    private RequestViews() {}

    static RequestView of(HttpRequestPacket request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : request.getHeaders().names()) {
            List<String> values = headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>(1));
            if (values.isEmpty()) {
                request.getHeaders().values(name).forEach(values::add);
            }
        }
        return new RequestView(
                request.getMethod().getMethodString().toUpperCase(Locale.ROOT),
                decode(request.getRequestURI(), false),
                query(request.getQueryString()),
                headers,
                String.valueOf(request.getRemoteAddress()),
                request.isSecure());
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
