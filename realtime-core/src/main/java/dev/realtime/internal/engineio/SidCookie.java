package dev.realtime.internal.engineio;

import dev.realtime.transport.Cookie;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cookie that names a connection, for load balancers that keep a client on its node. The first reply of a connection carries it. */
final class SidCookie {
    private final @Nullable Cookie cookie;

    /** @param cookie null: none is set */
    SidCookie(@Nullable Cookie cookie) {
        this.cookie = cookie;
    }

    /** The headers that set it. */
    Map<String, String> headers(String sid) {
        if (cookie == null) {
            return Map.of();
        }
        StringBuilder value = new StringBuilder(cookie.name() + "=" + sid);
        cookie.maxAge().ifPresent(age -> value.append("; Max-Age=").append(age.toSeconds()));
        value.append("; Path=").append(cookie.path());
        value.append(cookie.httpOnly() ? "; HttpOnly" : "").append(cookie.secure() ? "; Secure" : "");
        value.append("; SameSite=").append(cookie.sameSite().attribute());
        return Map.of("Set-Cookie", value.toString());
    }
}
