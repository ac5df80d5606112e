package dev.realtime.jakarta;

import dev.realtime.spi.RequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies what the engine may ask about a servlet request. The container recycles its request object once the servlet has
 * returned, a session asks for its handshake for as long as it lives.
 */
final class RequestCopy {
    private RequestCopy() {}

    static RequestView of(HttpServletRequest request) {
        return new RequestView(
                request.getMethod().toUpperCase(Locale.ROOT),
                path(request),
                query(request.getQueryString()),
                headers(request),
                request.getRemoteAddr(),
                request.isSecure());
    }

    /** Below the context path, so that it compares with the engine's own path wherever the application is deployed. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    /**
     * The query is parsed here because {@code getParameter} would read the body of a POST that calls itself a form, on the
     * caller's thread and without our limit.
     */
    static Map<String, List<String>> query(@Nullable String raw) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                    String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                    parameters.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
                }
            }
        }
        return frozen(parameters);
    }

    /** A malformed escape stays as the client wrote it: the engine then rejects the value for what it is. */
    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return raw;
        }
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>(1))
                    .addAll(Collections.list(request.getHeaders(name)));
        }
        headers.put("host", List.of(authority(request)));
        return frozen(headers);
    }

    /**
     * As the container sees it: {@code :authority} where HTTP/2 has no {@code Host}, and what a proxy says that the container was
     * told to trust. Without the port where it is the scheme's own.
     */
    private static String authority(HttpServletRequest request) {
        String name = request.getServerName();
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        int port = request.getServerPort();
        return port == (request.isSecure() ? 443 : 80) ? host : host + ":" + port;
    }

    private static Map<String, List<String>> frozen(Map<String, List<String>> map) {
        map.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(map);
    }
}
