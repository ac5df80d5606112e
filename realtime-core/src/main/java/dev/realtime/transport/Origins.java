package dev.realtime.transport;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The web pages that may talk to this server: one list for CORS on HTTP and for WebSocket upgrades. Requests without an {@code Origin}
 * (games, servers) are not judged by it.
 *
 * <pre>{@code
 * Realtime.builder().origins(Origins.of("https://play.example", "https://*.partner.example", "capacitor://localhost"))
 * }</pre>
 *
 * <p>Origins compare by scheme, host and effective port: {@code https://Play.example:443} is {@code https://play.example}, and
 * {@code wss} is {@code https}.
 */
public final class Origins {
    private static final String NO_ORIGIN = "null";
    private static final String ANY_LABEL = "://*.";
    private static final Origins SAME = new Origins(Set.of(), Set.of(), false, false);
    private static final Origins ANY = new Origins(Set.of(), Set.of(), true, true);

    private final Set<Origin> allowed;
    private final Set<Origin> domains;
    private final boolean opaque;
    private final boolean any;

    private Origins(Set<Origin> allowed, Set<Origin> domains, boolean opaque, boolean any) {
        this.allowed = Set.copyOf(allowed);
        this.domains = Set.copyOf(domains);
        this.opaque = opaque;
        this.any = any;
    }

    /**
     * Returns a list of the pages of the server itself: the origin's host and port are those that the request was sent to, as its {@code Host} or, in
     * HTTP/2, its {@code :authority} says. A request that came over TLS is not for unencrypted pages. The default.
     */
    public static Origins sameHost() {
        return SAME;
    }

    /** Returns a list of every page. Credentials (cookies) are then never allowed. */
    public static Origins any() {
        return ANY;
    }

    /**
     * Returns a list of the pages of the server itself and of these origins.
     *
     * @param origins each {@code scheme://host[:port]}; {@code scheme://*.domain[:port]} for all that is below a domain, not the domain
     *     itself; {@code file://} for pages of a file system; {@code null} for pages that have no origin to tell, such as sandboxed
     *     frames and some web views. Any page can make itself one of the last: allow it only where a token decides
     * @throws IllegalArgumentException if one of them is not an origin; the message names it
     */
    public static Origins of(String... origins) {
        Objects.requireNonNull(origins, "origins");
        Set<Origin> allowed = new HashSet<>();
        Set<Origin> domains = new HashSet<>();
        boolean opaque = false;
        for (String text : origins) {
            Objects.requireNonNull(text, "origins");
            if (text.equals("*")) {
                throw new IllegalArgumentException("'*' is no origin; for every page use Origins.any()");
            }
            if (text.equals(NO_ORIGIN)) {
                opaque = true;
                continue;
            }
            boolean below = text.contains(ANY_LABEL);
            Origin origin = Origin.parse(below ? text.replace(ANY_LABEL, "://") : text);
            if (origin == null
                    || origin.host().contains("*")
                    || (below && origin.host().isEmpty())) {
                throw new IllegalArgumentException(
                        "an origin is scheme://host[:port] without a path, or scheme://*.domain, but one is '" + text
                                + "'");
            }
            (below ? domains : allowed).add(origin);
        }
        return new Origins(allowed, domains, opaque, false);
    }

    /** Returns whether every page is allowed. */
    public boolean allowsAny() {
        return any;
    }

    /**
     * Returns whether the page that sent a request may talk to the server.
     *
     * @param origin the {@code Origin} of the request
     * @param host the host that it was sent to, with its port if it said one; null if it said none
     * @param secure whether it came over TLS
     */
    public boolean allows(String origin, @Nullable String host, boolean secure) {
        Objects.requireNonNull(origin, "origin");
        if (any) {
            return true;
        }
        if (origin.equals(NO_ORIGIN)) {
            return opaque;
        }
        Origin page = Origin.parse(origin);
        if (page == null) {
            return false;
        }
        return allowed.contains(page)
                || domains.stream().anyMatch(page::isBelow)
                || (host != null && page.isPageOf(host, secure));
    }
}
