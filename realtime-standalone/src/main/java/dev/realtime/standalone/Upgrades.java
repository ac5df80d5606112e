package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gate in front of WebSocket: asks the engine, shakes hands, then takes the connection out of HTTP for good. */
final class Upgrades {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);

    private static final List<String> VERSION = List.of("13"); // once, RFC 6455 section 11.3.5
    private static final HttpReply BAD_HANDSHAKE = JsonReplies.error(400, "bad WebSocket handshake");

    private final TransportDoors doors;
    private final WebSocketHandshake handshake;
    private final WebSockets sockets;
    private final FilterChain webSocketChain;
    private final BoundedLog lines;

    /** @param webSocketChain what an upgraded connection lives on */
    Upgrades(
            TransportDoors doors,
            WebSocketHandshake handshake,
            WebSockets sockets,
            FilterChain webSocketChain,
            BoundedLog lines) {
        this.doors = doors;
        this.handshake = handshake;
        this.sockets = sockets;
        this.webSocketChain = webSocketChain;
        this.lines = lines;
    }

    /** Upgrades the connection, or says why not: at once, or when the application has judged the request. */
    void attempt(HttpConnection http, RequestHead head, Exchange exchange) {
        RequestView view = exchange.request();
        HttpReply malformed = malformed(head, view, http.hasMore());
        if (malformed != null) {
            exchange.reply(malformed);
            return;
        }
        WebSocketHandshake.Agreement agreed;
        CompletableFuture<UpgradeDecision> judged;
        try {
            agreed = handshake.answer(head.headers());
            judged = doors.upgrade(view).toCompletableFuture();
        } catch (MalformedHandshakeException e) {
            exchange.reply(BAD_HANDSHAKE);
            return;
        } catch (RuntimeException e) {
            exchange.reply(failed(view, e));
            return;
        }
        if (judged.isDone()) {
            finish(http, exchange, agreed, judged.join());
        } else {
            exchange.onAbort(() -> judged.cancel(false));
            var unused = judged.whenComplete((decision, cancelled) -> {
                if (decision != null) {
                    http.run(() -> finish(http, exchange, agreed, decision));
                }
            });
        }
    }

    private void finish(
            HttpConnection http, Exchange exchange, WebSocketHandshake.Agreement agreed, UpgradeDecision decision) {
        if (!http.isAnswering(exchange)) {
            return; // the client has gone, or was told that the server stops
        }
        if (decision instanceof UpgradeDecision.Refused no) {
            exchange.reply(no.reply());
            return;
        }
        RequestView view = exchange.request();
        if (http.hasMore()) {
            exchange.reply(BAD_HANDSHAKE);
            return;
        }
        try {
            upgrade(http, agreed, (UpgradeDecision.Accepted) decision, view.remoteAddress());
            http.upgraded();
        } catch (RuntimeException e) {
            exchange.reply(failed(view, e));
        }
    }

    private HttpReply failed(RequestView view, RuntimeException why) {
        lines.error(LOG, AddressKey.of(view.remoteAddress()), "upgrade failed", why);
        return JsonReplies.error(500, "internal error");
    }

    private @Nullable HttpReply malformed(RequestHead head, RequestView view, boolean ahead) {
        if (!RequestRouter.isEngines(view.path(), doors.path())) {
            return JsonReplies.error(404, "not found");
        }
        if (!head.method().equals("GET") || !head.current()) {
            return JsonReplies.error(400, "an upgrade is an HTTP/1.1 GET");
        }
        if (!VERSION.equals(head.headers().get("sec-websocket-version"))) {
            return JsonReplies.error(426, "unsupported WebSocket version", "Sec-WebSocket-Version", "13");
        }
        if (!head.names("connection", "upgrade")) {
            return BAD_HANDSHAKE;
        }
        return head.hasBody() || ahead ? JsonReplies.error(400, "an upgrade has no body") : null;
    }

    private void upgrade(
            HttpConnection http,
            WebSocketHandshake.Agreement agreed,
            UpgradeDecision.Accepted accepted,
            String address) {
        TCPNIOConnection connection = http.connection();
        SocketWriter writer = http.writer();
        WebSocketConnection socket = sockets.open(connection, writer, agreed.compressed(), address);
        byte[] reply = ReplyHead.switching(agreed.headers(), accepted.headers());
        var unused = writer.write(List.of(reply), new Handshake(connection));
        HttpFilter.forget(connection);
        connection.getAttributes().setAttribute(WebSockets.ATTRIBUTE, socket);
        connection.setProcessor(webSocketChain);
        socket.listen(accepted.open().apply(socket));
    }

    private record Handshake(TCPNIOConnection connection) implements dev.realtime.spi.Connection.WriteListener {
        @Override
        public void written() {}

        @Override
        public void failed(Throwable cause) {
            connection.terminateSilently();
        }
    }
}
