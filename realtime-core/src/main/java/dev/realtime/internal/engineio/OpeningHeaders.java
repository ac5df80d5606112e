package dev.realtime.internal.engineio;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** What the reply that opens a connection tells whoever balances: the cookie with the connection's id, and how full this node is. */
final class OpeningHeaders {
    private final SidCookie cookie;
    private final @Nullable String saturationHeader;
    private final DoubleSupplier saturation;

    /**
     * @param saturationHeader null: it is not told
     * @param saturation from 0 to 1
     */
    OpeningHeaders(SidCookie cookie, @Nullable String saturationHeader, DoubleSupplier saturation) {
        this.cookie = cookie;
        this.saturationHeader = saturationHeader;
        this.saturation = saturation;
    }

    /** The headers of the reply that opens a connection. */
    Map<String, String> of(String sid) {
        if (saturationHeader == null) {
            return cookie.headers(sid);
        }
        Map<String, String> headers = new LinkedHashMap<>(cookie.headers(sid));
        headers.put(saturationHeader, String.format(Locale.ROOT, "%.2f", Math.min(1, saturation.getAsDouble())));
        return headers;
    }

    /** An exchange whose reply has them. */
    HttpExchange on(HttpExchange exchange, String sid) {
        Map<String, String> headers = of(sid);
        return headers.isEmpty() ? exchange : new Adding(exchange, headers);
    }

    private record Adding(HttpExchange exchange, Map<String, String> more) implements HttpExchange {
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
