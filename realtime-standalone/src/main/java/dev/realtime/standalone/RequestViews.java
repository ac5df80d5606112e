package dev.realtime.standalone;

import dev.realtime.spi.QueryString;
import dev.realtime.spi.RequestView;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the engine sees of a request. */
final class RequestViews {
    private RequestViews() {}

    /** @param client whose request it is */
    static RequestView of(RequestHead head, ClientAddress client) {
        return new RequestView(
                head.method(),
                decoded(head.path()),
                QueryString.parse(head.query()),
                headers(head, client.host()),
                client.address(),
                client.secure());
    }

    private static Map<String, List<String>> headers(RequestHead head, @Nullable String host) {
        if (host == null) {
            return head.headers();
        }
        Map<String, List<String>> headers = new LinkedHashMap<>(head.headers());
        headers.put("host", List.of(host));
        return headers;
    }

    /** Escapes only: a plus in a path is one. What cannot be decoded stays as it is. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }
}
