package dev.realtime.jakarta;

import dev.realtime.spi.QueryString;
import dev.realtime.spi.RequestView;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Copies what the engine may ask about a servlet request. The container recycles its request object once the servlet has
 * returned, a session asks for its handshake for as long as it lives.
 */
final class RequestCopy {
    private RequestCopy() {}

    static RequestView of(HttpServletRequest request) {
        return new RequestView( // the query from its text: getParameter would read the body of a POST that calls itself
                // a form
                request.getMethod().toUpperCase(Locale.ROOT),
                path(request),
                QueryString.parse(request.getQueryString()),
                headers(request),
                request.getRemoteAddr(),
                request.isSecure());
    }

    /** Below the context path, so that it compares with the engine's own path wherever the application is deployed. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
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
