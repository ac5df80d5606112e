package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.transport.Cookie;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
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

    /** An exchange whose reply sets it. */
    HttpExchange on(HttpExchange exchange, String sid) {
        return cookie == null ? exchange : new Setting(exchange, headers(sid));
    }

    private record Setting(HttpExchange exchange, Map<String, String> more) implements HttpExchange {
        @Override
        public RequestView request() {
            return exchange.request();
        }

        @Override
        public CompletionStage<byte[]> body(int limit) {
            return exchange.body(limit);
        }

        @Override
        public void reply(HttpReply reply) {
            Map<String, String> headers = new LinkedHashMap<>(reply.headers());
            headers.putAll(more);
            exchange.reply(new HttpReply(reply.status(), headers, reply.body()));
        }

        @Override
        public void onAbort(Runnable gone) {
            exchange.onAbort(gone);
        }
    }
}
