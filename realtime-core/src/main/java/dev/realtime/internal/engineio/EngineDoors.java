package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where transports deliver: each request that is well-formed opens a connection, or reaches the one that it belongs to. */
public final class EngineDoors implements TransportDoors {
    private static final Logger LOG = LoggerFactory.getLogger(EngineDoors.class);

    /** What a client may take to send a body or to answer a close frame. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NodeContext context;
    private final OpenPackets openPackets;
    private final Cors cors;
    private final @Nullable ClientBundle client;
    private final ConnectionGate gate;
    private final RequestJudge judge;
    private final OpenSockets sockets;
    private final PollingReplies replies;
    private final SidCookie cookie;
    private volatile boolean refusesMessages;

    /**
     * @param servesClient whether the official JavaScript client can be loaded from here
     * @param listener who speaks over a new socket
     */
    public EngineDoors(
            NodeContext context,
            ConnectionGate gate,
            boolean servesClient,
            Function<EngineSocket, EngineListener> listener) {
        this.context = context;
        this.openPackets = new OpenPackets(context.heartbeat(), context.limits().maxPayload());
        this.client = servesClient ? new ClientBundle(context.path()) : null;
        this.cors = new Cors(context.origins());
        this.gate = gate;
        this.sockets = new OpenSockets(
                context.runtime(), context.heartbeat(), context.outbox(), context.inbound(), gate, listener);
        this.judge = new RequestJudge(context.transports(), cors, context.lines(), sockets, gate);
        this.replies = new PollingReplies(cors, new PayloadCodec());
        this.cookie = new SidCookie(context.cookie());
    }

    /** The sockets of all connections. */
    public OpenSockets sockets() {
        return sockets;
    }

    @Override
    public String path() {
        return context.path();
    }

    @Override
    public int maxPayload() {
        return context.limits().maxPayload();
    }

    @Override
    public InboundBudget inbound() {
        return context.inbound();
    }

    @Override
    public Duration patience() {
        return PATIENCE;
    }

    @Override
    public Compression compression() {
        return context.compression();
    }

    @Override
    public CompletionStage<UpgradeDecision> upgrade(RequestView request) {
        EngineError error = judge.judge(request, Transport.WEBSOCKET);
        String sid = RequestJudge.sid(request);
        if (error == null && sid != null) {
            EngineSocket known = sockets.find(sid);
            if (known == null) { // since it was judged
                error = EngineError.UNKNOWN_SID;
            } else if (!known.transport().canUpgrade()) {
                error = EngineError.BAD_REQUEST;
            } else if (!gate.admitsUpgrade(request.remoteAddress())) {
                error = EngineError.TOO_MANY;
            } else {
                return completed(new UpgradeDecision.Accepted(Map.of(), connection -> probe(known, connection)));
            }
        }
        if (error == null) {
            error = judge.admit(request);
        }
        if (error != null) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            wasRefused(request, error);
            return completed(new UpgradeDecision.Refused(error.reply(cors.headers(request))));
        }
        String fresh = context.ids().next();
        OpeningRequest opening = opening(request, Transport.WEBSOCKET);
        return completed(
                new UpgradeDecision.Accepted(cookie.headers(fresh), connection -> open(fresh, opening, connection)));
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

    private static CompletionStage<UpgradeDecision> completed(UpgradeDecision decision) {
        return CompletableFuture.completedFuture(decision);
    }

    private ConnectionListener probe(EngineSocket socket, Connection connection) {
        if (!socket.transport().startUpgrade()) {
            connection.close(1008, "already upgrading");
            return new Rejected();
        }
        return WebSocketChannel.probe(context.time(), context.limits().upgradeTimeout(), socket, connection);
    }

    private ConnectionListener open(String sid, OpeningRequest request, Connection connection) {
        if (sockets.areClosing()) {
            connection.close(1001, DisconnectReason.SERVER_STOPPING.code());
            return new Rejected();
        }
        if (!sockets.enter(request)) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            wasRefused("GET", request.remoteAddress(), EngineError.UNAVAILABLE);
            connection.close(1013, "too many connections");
            return new Rejected();
        }
        EngineSocket socket = sockets.open(sid, request);
        WebSocketChannel channel = WebSocketChannel.open(socket, connection);
        socket.greet(openPackets.of(socket.sid(), false));
        socket.flush();
        return channel;
    }

    @Override
    public void exchange(HttpExchange exchange) {
        RequestView request = exchange.request();
        if (request.method().equals("OPTIONS")) {
            exchange.reply(cors.preflight(request));
            return;
        }
        ClientBundle bundle = client;
        if (bundle != null && bundle.has(request)) {
            context.workers().execute(() -> exchange.reply(bundle.reply(request, cors.headers(request))));
            return;
        }
        EngineError error = judge.judge(request, Transport.POLLING);
        String sid = RequestJudge.sid(request);
        if (error == null && sid != null) {
            route(exchange, sid);
            return;
        }
        if (error == null) {
            error = judge.admit(request);
        }
        OpeningRequest opening = opening(request, Transport.POLLING);
        if (error == null && !sockets.enter(opening)) {
            error = EngineError.UNAVAILABLE;
        }
        if (error != null) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            wasRefused(request, error);
            replies.refuse(exchange, error);
            return;
        }
        handshake(exchange, opening);
    }

    /** At most the transport and the address: the rest of a request may be a secret. */
    private void wasRefused(RequestView request, EngineError error) {
        wasRefused(request.method(), request.remoteAddress(), error);
    }

    private void wasRefused(String method, String address, EngineError error) {
        if (LOG.isDebugEnabled()) {
            context.lines()
                    .debug(
                            LOG,
                            AddressKey.of(address),
                            "a {} request of the client at {} was refused: {}",
                            method,
                            address,
                            error);
        }
    }

    private void route(HttpExchange exchange, String sid) {
        EngineSocket socket = sockets.find(sid);
        PollingChannel polling = socket == null ? null : socket.polling();
        if (polling == null) {
            EngineError error = socket == null ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
            wasRefused(exchange.request(), error);
            replies.refuse(exchange, error);
        } else if (exchange.request().method().equals("POST")) {
            polling.post(exchange);
        } else {
            polling.get(exchange);
        }
    }

    private void handshake(HttpExchange exchange, OpeningRequest request) {
        EngineSocket socket = sockets.open(context.ids().next(), request);
        PollingPosts posts =
                new PollingPosts(socket, replies, context.workers(), context.inbound(), () -> refusesMessages);
        PollingChannel polling = new PollingChannel(socket, replies, context.time(), context.workers(), posts);
        socket.transport().openPolling(polling);
        socket.greet(openPackets.of(socket.sid(), context.transports().contains(Transport.WEBSOCKET)));
        polling.get(cookie.on(exchange, socket.sid()));
    }

    /** No new connections from now on. */
    public void shut() {
        judge.shut();
    }

    /** What comes from clients from now on is not taken, and no request is told that it was. */
    public void refuseMessages() {
        refusesMessages = true;
    }

    /** A connection that lost a race for its place; it is being closed. */
    private static final class Rejected implements ConnectionListener {
        @Override
        public void text(String message) {}

        @Override
        public void binary(byte[] message) {}

        @Override
        public void closed(int code, String reason) {}
    }
}
