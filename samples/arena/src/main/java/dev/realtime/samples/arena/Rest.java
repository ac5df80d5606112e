package dev.realtime.samples.arena;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.standalone.RestHandler;
import dev.realtime.transport.Origins;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the REST handlers share: JSON, one method per path, and the same origins as the socket. */
final class Rest {
    static final ObjectMapper JSON = new ObjectMapper();

    private Rest() {}

    /** The body of every answer that says no. */
    record Refusal(String code, String message) {}

    static HttpReply ok(Object body) {
        return json(200, body);
    }

    static HttpReply refused(int status, String code, String message) {
        return json(status, new Refusal(code, message));
    }

    private static HttpReply json(int status, Object body) {
        try {
            return new HttpReply(
                    status,
                    Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                    JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets one method through, and pages of these origins; answers a browser that asks before it dares. */
    static RestHandler only(String method, Origins origins, RestHandler handler) {
        return (request, body) -> {
            HttpReply reply = request.method().equals("OPTIONS")
                    ? new HttpReply(204, Map.of("Allow", method), new byte[0])
                    : request.method().equals(method) ? handler.handle(request, body) : wrongMethod(method);
            return allow(origins, request, method, reply);
        };
    }

    private static HttpReply wrongMethod(String method) {
        HttpReply reply = refused(405, "wrong_method", "Please use " + method + ".");
        return with(reply, Map.of("Allow", method));
    }

    private static HttpReply allow(Origins origins, RequestView request, String method, HttpReply reply) {
        String origin = request.header("origin");
        if (origin == null || !origins.allows(origin, request.header("host"), request.secure())) {
            return with(reply, Map.of("Vary", "Origin"));
        }
        return with(
                reply,
                Map.of(
                        "Vary",
                        "Origin",
                        "Access-Control-Allow-Origin",
                        origin,
                        "Access-Control-Allow-Methods",
                        method,
                        "Access-Control-Allow-Headers",
                        "authorization, content-type"));
    }

    static HttpReply with(HttpReply reply, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(reply.headers());
        headers.putAll(more);
        return new HttpReply(reply.status(), headers, reply.body());
    }
}
