package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.relay.Relay;
import dev.realtime.internal.relay.RelayFailure;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.RequestDecision;
import dev.realtime.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where transports deliver: each request that is well-formed opens a connection, or reaches the one that it belongs to. */
public final class EngineDoors implements TransportDoors {
    /** What a client may take to send a body or to answer a close frame. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NodeContext context;
    private final Cors cors;
    private final @Nullable ClientBundle client;
    private final ConnectionGate gate;
    private final RequestJudge judge;
    private final OpenSockets sockets;
    private final ConnectionIds ids;
    private final @Nullable Relay relay;
    private final RequestRefusals refusals;
    private final NewConnections connections;
    private volatile boolean refusesMessages;

    /**
     * @param servesClient whether the official JavaScript client can be loaded from here
     * @param allowRequest what the application says to opening requests; null if it judges none
     * @param relay asks the other nodes for what reaches this one and belongs to them; null if nobody does
     * @param saturationHeader says how full the node is in replies that open a connection; null: none
     * @param listener who speaks over a new socket
     */
    public EngineDoors(
            NodeContext context,
            ConnectionGate gate,
            boolean servesClient,
            @Nullable Function<OpeningRequest, CompletionStage<RequestDecision>> allowRequest,
            @Nullable Relay relay,
            @Nullable String saturationHeader,
            Function<EngineSocket, EngineListener> listener) {
        this.context = context;
        this.relay = relay;
        this.ids = new ConnectionIds(context.ids(), relay == null ? null : context.node());
        this.client = servesClient ? new ClientBundle(context.path()) : null;
        this.cors = new Cors(context.origins());
        this.gate = gate;
        this.sockets = new OpenSockets(
                context.runtime(),
                context.heartbeat(),
                context.outbox(),
                context.inbound(),
                context.outbound(),
                gate,
                listener);
        this.judge = new RequestJudge(context.transports(), cors, context.lines(), sockets, gate);
        this.refusals = new RequestRefusals(context.counters(), context.lines(), cors);
        this.connections = new NewConnections(
                context.runtime(),
                context.inbound(),
                new Greetings(
                        ids,
                        new OpenPackets(context.heartbeat(), context.limits().maxPayload()),
                        new OpeningHeaders(
                                new SidCookie(context.cookie()),
                                saturationHeader,
                                () -> (double) gate.connections()
                                        / context.limits().maxConnections()),
                        context.transports().contains(Transport.WEBSOCKET)),
                judge,
                allowRequest == null
                        ? null
                        : new ApplicationJudge(
                                context.runtime(),
                                context.shares(),
                                context.limits().authenticationTimeout(),
                                allowRequest),
                sockets,
                refusals,
                new PollingReplies(cors, new PayloadCodec()),
                () -> refusesMessages);
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
        if (error == null) {
            return sid == null
                    ? connections.upgrade(request)
                    : CompletableFuture.completedFuture(takeOver(sid, request));
        }
        return CompletableFuture.completedFuture(refused(request, error));
    }

    private UpgradeDecision takeOver(String sid, RequestView request) {
        EngineSocket known = sockets.find(sid);
        if (known == null) { // since it was judged
            return refused(request, EngineError.UNKNOWN_SID);
        }
        if (!known.transport().canUpgrade()) {
            return refused(request, EngineError.BAD_REQUEST);
        }
        ConnectionGate.Refused tooFast = gate.judgeUpgrade(request.remoteAddress());
        if (tooFast != null) {
            return refused(request, new GateRefusal(tooFast));
        }
        return new UpgradeDecision.Accepted(Map.of(), connection -> probe(known, connection));
    }

    private UpgradeDecision refused(RequestView request, Refusal why) {
        return new UpgradeDecision.Refused(refusals.connection(request, why));
    }

    private ConnectionListener probe(EngineSocket socket, Connection connection) {
        if (!socket.transport().startUpgrade()) {
            connection.close(1008, "already upgrading");
            return new ClosingConnection();
        }
        return WebSocketChannel.probe(context.time(), context.limits().upgradeTimeout(), socket, connection);
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
        String home = error == EngineError.UNKNOWN_SID && sid != null ? ids.elsewhere(sid) : null;
        if (home != null && relay != null) {
            relay.relay(exchange, home, why -> exchange.reply(refusals.connection(request, refusal(why))));
        } else if (error != null) {
            exchange.reply(refusals.connection(request, error));
        } else if (sid == null) {
            connections.poll(exchange);
        } else {
            route(exchange, sid);
        }
    }

    private static EngineError refusal(RelayFailure why) {
        return switch (why) {
            case UNKNOWN -> EngineError.UNKNOWN_SID;
            case UNAVAILABLE -> EngineError.UNAVAILABLE;
            case TOO_LARGE -> EngineError.PAYLOAD_TOO_LARGE;
            case BROKEN -> EngineError.BAD_REQUEST;
        };
    }

    /** Answers a request of a connection that has reached another node. */
    public void answer(HttpExchange exchange) {
        RequestView request = exchange.request();
        EngineError error = judge.judge(request, Transport.POLLING);
        String sid = RequestJudge.sid(request);
        if (error != null || sid == null) {
            exchange.reply(refusals.request(request, error == null ? EngineError.BAD_REQUEST : error));
        } else {
            route(exchange, sid);
        }
    }

    /** Messages that a polling connection was sent by way of another node have not arrived: it ends, as when a client goes away while it waits for some. */
    public void lost(String sid) {
        EngineSocket socket = sockets.find(sid);
        if (socket != null && socket.polling() != null) {
            socket.close(DisconnectReason.TRANSPORT_CLOSED);
        }
    }

    private void route(HttpExchange exchange, String sid) {
        EngineSocket socket = sockets.find(sid);
        PollingChannel polling = socket == null ? null : socket.polling();
        if (polling == null) {
            EngineError error = socket == null ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
            exchange.reply(refusals.request(exchange.request(), error));
        } else if (exchange.request().method().equals("POST")) {
            polling.post(exchange);
        } else {
            polling.get(exchange);
        }
    }

    /** No new connections from now on. */
    public void shut() {
        connections.shut();
    }

    /** Whether new connections are admitted. */
    public boolean isOpen() {
        return judge.isOpen();
    }

    /** Nothing is asked of other nodes from now on. */
    public void endRelay() {
        if (relay != null) {
            relay.end();
        }
    }

    /** What comes from clients from now on is not taken, and no request is told that it was. */
    public void refuseMessages() {
        refusesMessages = true;
    }
}
