package dev.realtime.internal.engineio;

import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections for well-formed requests, over either transport: if there is room, and if the application allows it. A request that is being judged
 * has the place of a connection. Thread-safe.
 */
final class NewConnections {
    private final NodeRuntime runtime;
    private final InboundBudget inbound;
    private final Greetings greetings;
    private final RequestJudge judge;
    private final @Nullable ApplicationJudge application;
    private final OpenSockets sockets;
    private final RequestRefusals refusals;
    private final PollingReplies replies;
    private final BooleanSupplier refusesMessages;

    /**
     * @param application null if it judges no request
     * @param refusesMessages whether what clients send is not taken any more
     */
    NewConnections(
            NodeRuntime runtime,
            InboundBudget inbound,
            Greetings greetings,
            RequestJudge judge,
            @Nullable ApplicationJudge application,
            OpenSockets sockets,
            RequestRefusals refusals,
            PollingReplies replies,
            BooleanSupplier refusesMessages) {
        this.runtime = runtime;
        this.inbound = inbound;
        this.greetings = greetings;
        this.judge = judge;
        this.application = application;
        this.sockets = sockets;
        this.refusals = refusals;
        this.replies = replies;
        this.refusesMessages = refusesMessages;
    }

    /** Opens none from now on; whoever is being judged is told to come again. */
    void shut() {
        judge.shut();
        if (application != null) {
            application.shut();
        }
    }

    private static OpeningRequest opening(RequestView request, Transport transport) {
        return OpeningRequest.of(
                transport,
                request.path(),
                request.query(),
                request.headers(),
                request.remoteAddress(),
                request.secure());
    }

    // ---- WebSocket

    /** Answers an upgrade that belongs to no connection. */
    CompletionStage<UpgradeDecision> upgrade(RequestView request) {
        Refusal error = judge.admit(request);
        if (error != null) {
            return CompletableFuture.completedFuture(refused(request, error));
        }
        OpeningRequest opening = opening(request, Transport.WEBSOCKET);
        UpgradeDecision accepted = accepted(opening);
        ApplicationJudge judges = application;
        if (judges == null) {
            return CompletableFuture.completedFuture(accepted);
        }
        if (!sockets.enter(opening)) {
            return CompletableFuture.completedFuture(refused(request, EngineError.UNAVAILABLE));
        }
        CompletableFuture<UpgradeDecision> decision = new CompletableFuture<>();
        CompletableFuture<Optional<Refusal>> verdict = judges.judge(opening);
        var unused = verdict.whenComplete((refusal, gone) -> {
            sockets.leave(opening); // the transport may fail to upgrade, and does not say so
            if (refusal != null) {
                decision.complete(refusal.map(why -> refused(request, why)).orElse(accepted));
            }
        });
        var unusedToo = decision.whenComplete((known, gone) -> verdict.cancel(false));
        return decision;
    }

    private UpgradeDecision accepted(OpeningRequest opening) {
        String sid = greetings.ids().ofWebSocket();
        return new UpgradeDecision.Accepted(greetings.headers().of(sid), connection -> open(sid, opening, connection));
    }

    private UpgradeDecision refused(RequestView request, Refusal why) {
        return new UpgradeDecision.Refused(refusals.connection(request, why));
    }

    private ConnectionListener open(String sid, OpeningRequest request, Connection connection) {
        if (!sockets.enter(request)) {
            refusals.count("GET", request.remoteAddress(), EngineError.UNAVAILABLE);
            connection.close(1013, "too many connections");
            return new ClosingConnection();
        }
        EngineSocket socket =
                sockets.open(sid, request, opened -> opened.transport().openWebSocket(connection));
        if (socket == null) {
            return new ClosingConnection();
        }
        socket.greet(greetings.packets().of(sid, false));
        socket.flush();
        return WebSocketChannel.of(socket, connection);
    }

    // ---- polling

    /** Answers a request of the polling transport that belongs to no connection. */
    void poll(HttpExchange exchange) {
        RequestView request = exchange.request();
        Refusal error = judge.admit(request);
        if (error != null) {
            refuse(exchange, error);
            return;
        }
        OpeningRequest opening = opening(request, Transport.POLLING);
        String sid = greetings.ids().ofPolling();
        if (!sockets.enter(opening)) {
            refuse(exchange, EngineError.UNAVAILABLE);
            return;
        }
        ApplicationJudge judges = application;
        if (judges == null) {
            open(sid, exchange, opening);
            return;
        }
        CompletableFuture<Optional<Refusal>> verdict = judges.judge(opening);
        var unused = verdict.whenComplete((refusal, gone) -> {
            if (refusal != null && refusal.isEmpty()) {
                open(sid, exchange, opening);
                return;
            }
            sockets.leave(opening);
            if (refusal != null) {
                refuse(exchange, refusal.get());
            }
        });
        exchange.onAbort(() -> verdict.cancel(false));
    }

    private void refuse(HttpExchange exchange, Refusal why) {
        exchange.reply(refusals.connection(exchange.request(), why));
    }

    private void open(String sid, HttpExchange exchange, OpeningRequest request) {
        EngineSocket socket =
                sockets.open(sid, request, opened -> opened.transport().openPolling(polling(opened)));
        PollingChannel polling = socket == null ? null : socket.polling();
        if (socket == null || polling == null) {
            refuse(exchange, EngineError.UNAVAILABLE);
            return;
        }
        socket.greet(greetings.packets().of(sid, greetings.mayUpgrade()));
        polling.get(greetings.headers().on(exchange, socket.sid()));
    }

    private PollingChannel polling(EngineSocket socket) {
        PollingPosts posts = new PollingPosts(
                socket,
                replies,
                runtime.workers(),
                inbound,
                () -> refusesMessages.getAsBoolean() || socket.refusesMessages());
        return new PollingChannel(socket, replies, runtime.time(), runtime.workers(), posts);
    }
}
