package dev.realtime.transport;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from, in the one form in which origins compare (RFC 6454): scheme and host in lower case, the port always there.
 * A WebSocket scheme is the HTTP scheme that it belongs to.
 *
 * @param host empty for schemes without one, as in {@code file://}
 * @param port -1 where the scheme has no default and none is given
 */
record Origin(String scheme, String host, int port) {
    private static final int MAX_LENGTH = 512;
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(\\[[0-9A-Fa-f:.]+]|[^/?#@:\\s\\[\\]\\\\]*)(?::(\\d{1,5}))?");

    /** Null for anything that is no {@code scheme://host[:port]}. */
    static @Nullable Origin parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.length() > MAX_LENGTH || !parts.matches()) {
            return null;
        }
        String scheme = scheme(parts.group(1).toLowerCase(Locale.ROOT));
        String host = host(parts.group(2));
        int port = parts.group(3) == null ? defaultPort(scheme) : Integer.parseInt(parts.group(3));
        boolean needsHost = defaultPort(scheme) > 0 || parts.group(3) != null;
        return host == null || (host.isEmpty() && needsHost) || port > 65_535 ? null : new Origin(scheme, host, port);
    }

    private static String scheme(String given) {
        return given.equals("ws") ? "http" : given.equals("wss") ? "https" : given;
    }

    /** Browsers send names of other scripts in their ASCII form. */
    private static @Nullable String host(String text) {
        try {
            return IDN.toASCII(text).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            return null;
        }
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : -1;
    }

    /**
     * Whether this is a page of the server that a request addressed as this host. A server behind something that ends TLS for it may not
     * know that its pages are secure, and is told a host without a port, so an unencrypted request says nothing about the page's
     * scheme; an encrypted one is not for unencrypted pages, which anybody on the way can change.
     */
    boolean isPageOf(String authority, boolean encrypted) {
        boolean fits = scheme.equals("https") || (scheme.equals("http") && !encrypted);
        return fits && equals(parse(scheme + "://" + authority));
    }

    /** Whether this is below a domain, on the same scheme and port. */
    boolean isBelow(Origin domain) {
        return scheme.equals(domain.scheme)
                && port == domain.port
                && host.endsWith("." + domain.host)
                && host.length() > domain.host.length() + 1;
    }
}
