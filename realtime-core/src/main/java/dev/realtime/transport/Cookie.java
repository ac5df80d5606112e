package dev.realtime.transport;

import dev.realtime.RealtimeBuilder;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cookie with the connection's id, for load balancers that keep a polling client on its node. Off unless given to the builder.
 * Immutable: start from {@link #DEFAULT} and change single values, as in {@code Cookie.DEFAULT.secure(true).sameSite(SameSite.NONE)}.
 *
 * @param name default {@code io}
 * @param path default {@code /}
 * @param httpOnly whether it is hidden from the page's scripts; default true
 * @param secure whether browsers send it over TLS only; default false
 * @param sameSite whether pages of other sites send it; default {@link SameSite#LAX}. {@link SameSite#NONE} needs {@code secure}, which
 *     {@link RealtimeBuilder#cookie} checks
 * @param maxAge null for a cookie that ends with the browser, the default
 */
public record Cookie(
        String name,
        String path,
        boolean httpOnly,
        boolean secure,
        SameSite sameSite,
        @Nullable Duration maxAge) {
    public static final Cookie DEFAULT = new Cookie("io", "/", true, false, SameSite.LAX, null);

    public Cookie {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sameSite, "sameSite");
        if (!name.matches("[A-Za-z0-9_.-]{1,64}") || !path.matches("/[\\x21-\\x7e&&[^;,]]*")) {
            throw new IllegalArgumentException(
                    "cookie needs a plain name and a path, but has '" + name + "' and '" + path + "'");
        }
        if (maxAge != null && maxAge.toSeconds() < 1) {
            throw new IllegalArgumentException("cookie needs a maxAge of a second or more, but has " + maxAge);
        }
    }

    public Cookie name(String value) {
        return new Cookie(value, path, httpOnly, secure, sameSite, maxAge);
    }

    public Cookie path(String value) {
        return new Cookie(name, value, httpOnly, secure, sameSite, maxAge);
    }

    public Cookie httpOnly(boolean value) {
        return new Cookie(name, path, value, secure, sameSite, maxAge);
    }

    public Cookie secure(boolean value) {
        return new Cookie(name, path, httpOnly, value, sameSite, maxAge);
    }

    public Cookie sameSite(SameSite value) {
        return new Cookie(name, path, httpOnly, secure, value, maxAge);
    }

    public Cookie maxAge(Duration value) {
        Objects.requireNonNull(value, "maxAge");
        return new Cookie(name, path, httpOnly, secure, sameSite, value);
    }
}
