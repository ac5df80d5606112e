package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.transport.Origins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One origin allowlist for pages that poll and pages that upgrade. */
final class Cors {
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final Map<String, String> ANY = Map.of(ALLOW_ORIGIN, "*");
    /** A cache must not give to a page what was said to none. */
    private static final Map<String, String> NONE = Map.of("Vary", "Origin");

    private static final int LONGEST_ORIGIN = 512;
    private static final int MAX_REQUESTED_HEADERS = 1_024;
    private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]+");

    private final Origins origins;

    Cors(Origins origins) {
        this.origins = origins;
    }

    /** A request without an origin comes from no page and is not judged. */
    boolean allows(RequestView request) {
        String origin = request.header("origin");
        return origin == null || (isClean(origin) && origins.allows(origin, request.header("host"), request.secure()));
    }

    private static boolean isClean(String origin) {
        if (origin.length() > LONGEST_ORIGIN) {
            return false;
        }
        for (int i = 0; i < origin.length(); i++) {
            if (origin.charAt(i) <= ' ' || origin.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** What lets an allowed page read the reply. */
    Map<String, String> headers(RequestView request) {
        if (origins.allowsAny()) {
            return ANY;
        }
        String origin = request.header("origin");
        if (origin == null || !allows(request)) {
            return NONE;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(ALLOW_ORIGIN, origin);
        headers.put("Access-Control-Allow-Credentials", "true");
        headers.putAll(NONE);
        return headers;
    }

    /** An allowed page may send whatever headers it asks for: the engine trusts none of them for being there. */
    HttpReply preflight(RequestView request) {
        Map<String, String> headers = new LinkedHashMap<>(headers(request));
        if (headers.containsKey(ALLOW_ORIGIN)) {
            headers.put("Access-Control-Allow-Methods", "GET,POST,OPTIONS");
            String wanted = requestedHeaders(request);
            if (wanted != null) {
                headers.put("Access-Control-Allow-Headers", wanted);
            }
            headers.put("Access-Control-Max-Age", "600");
            headers.merge("Vary", "Access-Control-Request-Headers", (before, more) -> before + ", " + more);
        }
        return new HttpReply(204, headers, new byte[0]);
    }

    private static @Nullable String requestedHeaders(RequestView request) {
        List<String> lines = request.headers().getOrDefault("access-control-request-headers", List.of());
        String wanted = String.join(",", lines);
        boolean plain = wanted.length() <= MAX_REQUESTED_HEADERS
                && HEADER_NAMES.matcher(wanted).matches();
        return plain ? wanted : null;
    }
}
