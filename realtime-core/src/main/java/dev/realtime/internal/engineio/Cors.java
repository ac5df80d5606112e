package dev.realtime.internal.engineio;

import dev.realtime.Origins;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.util.LinkedHashMap;
import java.util.Map;

/** One origin allowlist for pages that poll and pages that upgrade. */
final class Cors {
    private final Origins origins;

    Cors(Origins origins) {
        this.origins = origins;
    }

    /** A request without an origin comes from no page and is not judged. */
    boolean allows(RequestView request) {
        String origin = request.header("origin");
        if (origin == null) {
            return true;
        }
        String host = request.header("host");
        return isClean(origin) && origins.allows(origin, host == null ? "" : host);
    }

    private static boolean isClean(String origin) {
        return origin.length() <= 512 && origin.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** What lets an allowed page read the reply. */
    Map<String, String> headers(RequestView request) {
        String origin = request.header("origin");
        if (origin == null || !allows(request)) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", origins.allowsAny() ? "*" : origin);
        if (!origins.allowsAny()) {
            headers.put("Access-Control-Allow-Credentials", "true");
            headers.put("Vary", "Origin");
        }
        return headers;
    }

    HttpReply preflight(RequestView request) {
        Map<String, String> headers = new LinkedHashMap<>(headers(request));
        if (!headers.isEmpty()) {
            headers.put("Access-Control-Allow-Methods", "GET,POST,OPTIONS");
            headers.put("Access-Control-Allow-Headers", "Content-Type,Authorization");
            headers.put("Access-Control-Max-Age", "600");
        }
        return new HttpReply(204, headers, new byte[0]);
    }
}
