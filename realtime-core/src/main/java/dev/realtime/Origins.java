package dev.realtime;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may talk to this server: one list for CORS on HTTP and for WebSocket upgrades. Requests without an {@code Origin}
 * (games, servers) are not judged by it.
 */
public final class Origins {
    private static final Origins SAME = new Origins(Set.of(), false);
    private static final Origins ANY = new Origins(Set.of(), true);

    private final Set<String> allowed;
    private final boolean any;

    private Origins(Set<String> allowed, boolean any) {
        this.allowed = allowed;
        this.any = any;
    }

    /** Only pages of the server itself: the origin's host and port equal the {@code Host} header. The default. */
    public static Origins sameHost() {
        return SAME;
    }

    /** Every page. Credentials (cookies) are then never allowed. */
    public static Origins any() {
        return ANY;
    }

    /** Pages of the server itself and of these origins, each as {@code scheme://host[:port]}. */
    public static Origins of(String... origins) {
        for (String origin : origins) {
            if (!origin.matches("[a-z][a-z0-9+.-]*://[^/?#\\s]+")) {
                throw new IllegalArgumentException(
                        "an origin is scheme://host[:port] without a path, but one is '" + origin + "'");
            }
        }
        return new Origins(Arrays.stream(origins).collect(Collectors.toUnmodifiableSet()), false);
    }

    /** Whether every page is allowed. */
    public boolean allowsAny() {
        return any;
    }

    /** Whether a page of this origin may talk to the host that it addressed. */
    public boolean allows(String origin, String host) {
        if (any || allowed.contains(origin)) {
            return true;
        }
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }
}
