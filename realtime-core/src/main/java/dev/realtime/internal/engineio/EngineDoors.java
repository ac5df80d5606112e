package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where transports deliver. Judges every request in the order of the reference implementation (transport, sid, method, origin,
 * version), so that its clients get the errors they know, and keeps the sockets and their heartbeat.
 */
public final class EngineDoors implements TransportDoors {
    private static final Logger LOG = LoggerFactory.getLogger(EngineDoors.class);

    /** What a client may take to send a body or to answer a close frame. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NodeContext context;
    private final Cors cors;
    private final @Nullable ClientBundle client;
    private final PayloadCodec codec;
    private final OpeningRequests opening;
    private final ConnectionGate gate;
    private final Function<EngineSocket, EngineListener> listener;
    private final Map<String, EngineSocket> sockets = new ConcurrentHashMap<>();
    private final HeartbeatTimer heartbeat;
    private volatile boolean open = true;
    private volatile boolean ended;
    private volatile boolean intakeOver;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();

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
        this.client = servesClient ? new ClientBundle(context.path()) : null;
        this.cors = new Cors(context.origins());
        this.codec = new PayloadCodec();
        this.opening = new OpeningRequests(context.inbound());
        this.gate = gate;
        this.listener = listener;
        this.heartbeat = new HeartbeatTimer(context, sockets.values());
    }

    public void startHeartbeat() {
        heartbeat.start();
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
    public UpgradeDecision upgrade(RequestView request) {
        EngineError error = judge(request, Transport.WEBSOCKET);
        String sid = sid(request);
        if (error == null && sid != null) {
            EngineSocket known = find(sid);
            if (known == null) { // since it was judged
                error = EngineError.UNKNOWN_SID;
            } else if (!known.canUpgrade()) {
                error = EngineError.BAD_REQUEST;
            } else if (!gate.admitsUpgrade(request.remoteAddress())) {
                error = EngineError.TOO_MANY;
            } else {
                return new UpgradeDecision.Accepted(Map.of(), connection -> probe(known, connection));
            }
        }
        if (error == null) {
            error = admit(request);
        }
        if (error != null) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            return new UpgradeDecision.Refused(error.reply(cors.headers(request)));
        }
        String fresh = context.ids().next();
        return new UpgradeDecision.Accepted(cookie(fresh), connection -> open(fresh, request, connection));
    }

    private ConnectionListener probe(EngineSocket socket, Connection connection) {
        if (!socket.startUpgrade()) {
            connection.close(1008, "already upgrading");
            return new Rejected();
        }
        return WebSocketChannel.probe(context, socket, connection);
    }

    private ConnectionListener open(String sid, RequestView request, Connection connection) {
        if (ended) {
            connection.close(1001, DisconnectReason.SERVER_STOPPING.code());
            return new Rejected();
        }
        if (!enter(request)) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            connection.close(1013, "too many connections");
            return new Rejected();
        }
        EngineSocket socket = register(sid, request);
        WebSocketChannel channel = WebSocketChannel.open(socket, connection);
        socket.greet(false);
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
        EngineError error = judge(request, Transport.POLLING);
        String sid = sid(request);
        if (error == null && sid != null) {
            route(exchange, sid);
            return;
        }
        if (error == null) {
            error = admit(request);
        }
        if (error == null && !enter(request)) {
            error = EngineError.UNAVAILABLE;
        }
        if (error != null) {
            context.counters().count(Counters.Name.CONNECTIONS_REFUSED);
            exchange.reply(error.reply(cors.headers(request)));
            return;
        }
        handshake(exchange);
    }

    private void route(HttpExchange exchange, String sid) {
        EngineSocket socket = find(sid);
        PollingChannel polling = socket == null ? null : socket.polling();
        if (polling == null) {
            EngineError error = socket == null ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
            exchange.reply(error.reply(cors.headers(exchange.request())));
        } else if (exchange.request().method().equals("POST")) {
            polling.post(exchange);
        } else {
            polling.get(exchange);
        }
    }

    private void handshake(HttpExchange exchange) {
        RequestView request = exchange.request();
        EngineSocket socket = register(context.ids().next(), request);
        PollingChannel polling = new PollingChannel(context, socket, codec, cors, () -> intakeOver);
        socket.openPolling(polling);
        socket.greet(context.transports().contains(Transport.WEBSOCKET));
        Map<String, String> cookie = cookie(socket.sid());
        polling.get(cookie.isEmpty() ? exchange : new WithHeaders(exchange, cookie));
    }

    private boolean enter(RequestView request) {
        if (!gate.enter(request.remoteAddress())) {
            return false;
        }
        if (!opening.keep(request)) {
            gate.leave(request.remoteAddress());
            return false;
        }
        return true;
    }

    private EngineSocket register(String sid, RequestView request) {
        EngineSocket socket = new EngineSocket(context, sid, request, listener, this::ended);
        sockets.put(sid, socket);
        context.counters().count(Counters.Name.CONNECTIONS_OPENED);
        return socket;
    }

    /** One that has said goodbye is gone for its client, although it is only forgotten when its listener has heard of the end. */
    private @Nullable EngineSocket find(String sid) {
        EngineSocket socket = sockets.get(sid);
        return socket == null || socket.isClosed() ? null : socket;
    }

    private void ended(EngineSocket socket) {
        sockets.remove(socket.sid());
        gate.leave(socket.request().remoteAddress());
        opening.forget(socket.request());
        completeIfEmpty();
    }

    /** In the order of the reference implementation. */
    private @Nullable EngineError judge(RequestView request, Transport door) {
        String wanted = request.parameter("transport");
        boolean known = Transport.POLLING.wireName().equals(wanted)
                || Transport.WEBSOCKET.wireName().equals(wanted);
        if (!known || !context.transports().contains(transport(wanted))) {
            return EngineError.UNKNOWN_TRANSPORT;
        }
        if (!cors.allows(request)) {
            context.lines()
                    .info(
                            LOG,
                            AddressKey.of(request.remoteAddress()),
                            "refused a page of origin {} that addressed {}, client at {}: it is not on the list of origins",
                            request.header("origin"),
                            request.header("host"),
                            request.remoteAddress());
            return EngineError.FORBIDDEN;
        }
        String sid = sid(request);
        String method = request.method();
        boolean version = "4".equals(request.parameter("EIO"));
        if (sid != null) {
            if (find(sid) == null) {
                return EngineError.UNKNOWN_SID;
            }
            if (!method.equals("GET") && !method.equals("POST")) {
                return EngineError.BAD_HANDSHAKE_METHOD;
            }
            return door == transport(wanted) && version ? null : EngineError.BAD_REQUEST;
        }
        if (!method.equals("GET")) {
            return EngineError.BAD_HANDSHAKE_METHOD;
        }
        if (door != transport(wanted)) {
            return EngineError.BAD_REQUEST;
        }
        if (!OpeningRequests.isPlain(request)) {
            return EngineError.BAD_REQUEST;
        }
        return version ? null : EngineError.UNSUPPORTED_VERSION;
    }

    /** The connection that a request belongs to; null for one that opens a connection. */
    private static @Nullable String sid(RequestView request) {
        String sid = request.parameter("sid");
        return sid == null || sid.isEmpty() ? null : sid;
    }

    private static Transport transport(@Nullable String name) {
        return Transport.WEBSOCKET.wireName().equals(name) ? Transport.WEBSOCKET : Transport.POLLING;
    }

    private @Nullable EngineError admit(RequestView request) {
        if (!open) {
            return EngineError.UNAVAILABLE;
        }
        return switch (gate.judge(request.remoteAddress())) {
            case ADMITTED -> null;
            case FULL -> EngineError.UNAVAILABLE;
            case TOO_FAST, TOO_MANY_FROM_ADDRESS -> EngineError.TOO_MANY;
        };
    }

    private Map<String, String> cookie(String sid) {
        Cookie cookie = context.cookie();
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

    /** No new connections from now on. */
    public void shut() {
        open = false;
    }

    /** Every socket says goodbye when what waits for it has left. */
    public void closeAll() {
        ended = true;
        heartbeat.end();
        sockets.values().forEach(socket -> socket.closeGracefully(DisconnectReason.SERVER_STOPPING));
    }

    /** What comes from clients from now on is not taken, and no request is told that it was. */
    public void endIntake() {
        intakeOver = true;
    }

    /** Completes when all sockets have been closed, after {@link #closeAll}. */
    public CompletionStage<Void> whenEmpty() {
        completeIfEmpty();
        return empty;
    }

    private void completeIfEmpty() {
        if (ended && sockets.isEmpty()) {
            empty.complete(null);
        }
    }

    /** Whoever is still here has not read his goodbye in time. */
    public void closeNow() {
        sockets.values().forEach(socket -> socket.close(DisconnectReason.SERVER_STOPPING));
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

    /** The first reply of a polling client carries the cookie. */
    private record WithHeaders(HttpExchange exchange, Map<String, String> more) implements HttpExchange {
        @Override
        public RequestView request() {
            return exchange.request();
        }

        @Override
        public java.util.concurrent.CompletionStage<byte[]> body(int limit) {
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
