package dev.realtime.standalone;

import dev.realtime.spi.QueryString;
import dev.realtime.spi.RequestView;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** What the engine sees of a request. */
final class RequestViews {
    private RequestViews() {}

    static RequestView of(RequestHead head, String remoteAddress, boolean secure) {
        return new RequestView(
                head.method(),
                decoded(head.path()),
                QueryString.parse(head.query()),
                head.headers(),
                remoteAddress,
                secure);
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
