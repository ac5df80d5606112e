package dev.realtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cookie with the connection's id, for load balancers that keep a polling client on its node. Off unless given to the builder.
 * Always {@code HttpOnly} and {@code SameSite=Lax}.
 *
 * @param name default {@code io}
 * @param path default {@code /}
 * @param secure whether browsers send it over TLS only
 * @param maxAge null for a cookie that ends with the browser
 */
public record Cookie(
        String name, String path, boolean secure, @Nullable Duration maxAge) {
    public static final Cookie DEFAULT = new Cookie("io", "/", false, null);

    public Cookie {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}") || !path.matches("/[\\x21-\\x7e&&[^;,]]*")) {
            throw new IllegalArgumentException(
                    "cookie needs a plain name and a path, but has '" + name + "' and '" + path + "'");
        }
    }
}
