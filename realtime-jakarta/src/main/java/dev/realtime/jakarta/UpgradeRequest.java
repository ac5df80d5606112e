package dev.realtime.jakarta;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request asks for a WebSocket, and whether it does so as RFC 6455 section 4.2.1 demands. Checked here because
 * containers answer a malformed one differently: an exception, a 426, or an HTML page.
 */
final class UpgradeRequest {
    private final HttpServletRequest request;

    UpgradeRequest(HttpServletRequest request) {
        this.request = request;
    }

    boolean isForWebSocket() {
        return names("Upgrade", "websocket");
    }

    boolean isWellFormed() {
        return request.getMethod().equals("GET")
                && names("Connection", "upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && isKey(request.getHeader("Sec-WebSocket-Key"))
                && !hasBody();
    }

    /** Tomcat and Undertow read a body to its end before they upgrade, on the thread of the request, however long it takes. */
    private boolean hasBody() {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private boolean names(String header, String token) {
        return Collections.list(request.getHeaders(header)).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .anyMatch(value -> value.trim().toLowerCase(Locale.ROOT).equals(token));
    }

    private static boolean isKey(@Nullable String key) {
        if (key == null || key.length() != 24) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
