package dev.realtime.internal.engineio;

import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The replies of the polling transport, as pages of allowed origins can read them. */
record PollingReplies(Cors cors, PayloadCodec codec) {

    /** A reply that carries messages. */
    HttpReply messages(HttpExchange exchange, List<Frame> frames) {
        return reply(exchange, "text/plain; charset=UTF-8", codec.encode(frames));
    }

    /** The reply to a POST whose messages have been taken. */
    HttpReply ok(HttpExchange exchange) {
        return reply(exchange, "text/html", new byte[] {'o', 'k'});
    }

    private HttpReply reply(HttpExchange exchange, String type, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(cors.headers(exchange.request()));
        headers.put("Content-Type", type);
        headers.put("Cache-Control", "no-store");
        return new HttpReply(200, headers, body);
    }

    /** Answers a request with an error. */
    void refuse(HttpExchange exchange, Refusal error) {
        exchange.reply(error.reply(cors.headers(exchange.request())));
    }
}
