package dev.realtime.internal.client;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.internal.engineio.EngineListener;
import dev.realtime.internal.engineio.EngineSocket;
import dev.realtime.internal.limits.ConnectAttempt;
import dev.realtime.internal.limits.ConnectGate;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.recovery.Admission;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.socketio.BadPacketException;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketDecoder;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: decodes the Socket.IO packets of its connection and hands each to the session of its namespace. Whatever breaks the
 * protocol ends this connection and nothing else.
 */
public final class ClientConnection implements EngineListener, SessionConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** What a CONNECT costs while it is judged, beside its payload. */
    private static final long CONNECT_COST = 512;
    /** What stands in front of the payload of a CONNECT. */
    private static final int LONGEST_HEADER = 512;
    /** How much larger a payload is as values than as text, at worst. */
    private static final long CONNECT_FACTOR = 16;

    private final NodeContext context;
    private final Namespaces namespaces;
    private final EngineSocket socket;
    private final PacketDecoder decoder;
    private final HandlerShares.Share share;
    private final ConnectGate connects;
    private final ConnectThrottle pace;
    private volatile Map<String, LocalSession> sessions = Map.of(); // replaced under this
    private final Map<String, @Nullable Connect> admitting = new HashMap<>(2); // the one that waits; guarded by this
    private Set<String> left = Set.of(); // namespaces whose session has ended; replaced under this
    private final Set<LocalSession> full = new HashSet<>(2); // of the sessions here; guarded by this
    private volatile boolean anyFull;
    private InboundBudget.@Nullable Share
            attachments; // of a packet that is not complete; made once there are some, closed under this
    private boolean closed; // guarded by this
    private Time.@Nullable Timer deadline; // guarded by this

    public ClientConnection(
            NodeContext context,
            Namespaces namespaces,
            ConnectGate connects,
            PacketDecoder decoder,
            EngineSocket socket) {
        this.context = context;
        this.namespaces = namespaces;
        this.connects = connects;
        this.decoder = decoder;
        this.socket = socket;
        this.share = context.shares().hold(AddressKey.of(socket.request().remoteAddress()));
        this.pace =
                new ConnectThrottle(connects.ofConnection(), context.time(), context.workers(), socket::roomChanged);
        this.deadline = context.time().schedule(context.limits().connectTimeout(), () -> neverConnected(true));
    }

    /** @param patient whether a CONNECT that is judged now may still become a session; it gets the time for that, and no other does */
    private void neverConnected(boolean patient) {
        context.workers().execute(() -> {
            synchronized (this) {
                if (closed || !sessions.isEmpty()) {
                    return;
                }
                if (patient && !admitting.isEmpty()) {
                    deadline = context.time()
                            .schedule(context.limits().authenticationTimeout(), () -> neverConnected(false));
                    return;
                }
            }
            socket.close(DisconnectReason.PROTOCOL_ERROR);
        });
    }

    // ---- from the client

    @Override
    public void text(String raw, int from) {
        decode(() -> decoder.text(raw, from));
    }

    @Override
    public void binary(byte[] message) {
        if (sessions.isEmpty()) {
            broken("binary data before there is a session");
            return;
        }
        decode(() -> decoder.binary(message));
    }

    /** A client without a session has nothing large to say. */
    @Override
    public int maxMessage() {
        int max = context.limits().maxPayload();
        return sessions.isEmpty() ? Math.min(max, context.limits().maxConnectPayload() + LONGEST_HEADER) : max;
    }

    /** What waits for its attachments is counted while it does. */
    private void count() {
        InboundBudget.Share share = attachments;
        if (share == null && decoder.isWaitingForAttachments()) {
            share = context.inbound()
                    .share(InboundBudget.Use.ARRIVING, request().remoteAddress());
            synchronized (this) {
                attachments = share;
                if (closed) {
                    share.close();
                }
            }
        }
        if (share != null && !share.hold(decoder.pendingBytes()) && !socket.isClosed()) {
            socket.close(DisconnectReason.TRANSPORT_ERROR); // it comes back, and finds more room then
        }
    }

    private void decode(Decoding decoding) {
        Packet packet;
        try {
            packet = decoding.decode();
        } catch (BadPacketException e) {
            broken(e.code().name());
            return;
        }
        if (attachments != null || packet == null) {
            count();
        }
        if (packet != null) {
            handle(packet);
        }
    }

    /** Makes a packet of what came, if it is complete. */
    @FunctionalInterface
    private interface Decoding {
        @Nullable
        Packet decode();
    }

    private void handle(Packet packet) {
        LocalSession session = sessions.get(packet.namespace());
        switch (packet.type()) {
            case CONNECT -> connect(packet, session);
            case EVENT, BINARY_EVENT -> {
                if (session != null) {
                    session.received(this, packet);
                } else {
                    late(packet);
                }
            }
            case ACK, BINARY_ACK -> {
                if (session != null) {
                    session.answered(this, packet);
                } else {
                    late(packet);
                }
            }
            case DISCONNECT -> {
                if (session != null) {
                    session.life().close(DisconnectReason.CLIENT_DISCONNECT);
                } else {
                    late(packet);
                }
            }
            default -> broken("a packet that only a server sends");
        }
    }

    /** What was on its way when the session ended is ignored; what never had a session breaks the protocol. */
    private void late(Packet packet) {
        boolean ended;
        synchronized (this) {
            ended = left.contains(packet.namespace());
        }
        if (!ended) {
            broken("a packet for a namespace that is not connected");
        }
    }

    private void broken(String what) {
        context.counters().count(Counters.Name.PACKETS_BAD);
        context.lines()
                .info(
                        LOG,
                        AddressKey.of(request().remoteAddress()),
                        "client at {} broke the protocol: {}",
                        request().remoteAddress(),
                        what);
        socket.violated();
    }

    /**
     * One CONNECT to a namespace is judged at a time, and of those that come meanwhile the latest waits: a client that calls
     * {@code disconnect()} and {@code connect()} before it has its answer sends two in a row.
     */
    private void connect(Packet packet, @Nullable LocalSession known) {
        String name = packet.namespace();
        Fault fault = packet.fault();
        if (fault == Fault.NAMESPACE_TOO_LONG) {
            inPace(() -> refuse(name, new ConnectRefusedException(ErrorCode.UNKNOWN_NAMESPACE.sentence())));
            return;
        }
        if (fault != null) {
            inPace(() -> refuse(name, ErrorCode.INVALID_PAYLOAD));
            return;
        }
        if (packet.data().length() > context.limits().maxConnectPayload()) {
            inPace(() -> refuse(name, ErrorCode.PAYLOAD_TOO_LARGE));
            return;
        }
        Connect latest = new Connect(
                packet.data(), CONNECT_COST + CONNECT_FACTOR * packet.data().length());
        if (!take(latest)) {
            postpone();
            return;
        }
        Connect dropped = null;
        boolean first = false;
        boolean tooMany = false;
        synchronized (this) {
            if (closed) {
                dropped = latest;
            } else if (admitting.containsKey(name)) {
                dropped = admitting.put(name, latest);
            } else if (known == null
                    && sessions.size() + admitting.size() >= context.limits().maxNamespaces()) {
                dropped = latest;
                tooMany = true;
            } else {
                admitting.put(name, null);
                first = true;
            }
        }
        forget(dropped);
        if (tooMany) {
            inPace(() -> refuse(name, ErrorCode.TOO_MANY_NAMESPACES));
        } else if (first) {
            judge(name, latest);
        }
    }

    /**
     * A CONNECT that is judged or waits. The first to {@linkplain #compareAndSet take it up} judges it: a worker, or the clock.
     */
    private static final class Connect extends AtomicBoolean {
        private final String data;
        /** What it is counted for until it has been judged: its values are many times larger than their text. */
        private final long cost;

        Connect(String data, long cost) {
            this.data = data;
            this.cost = cost;
        }
    }

    /** Counts a CONNECT in the address's share and in the node's budget; {@link #forget} follows. */
    private boolean take(Connect connect) {
        if (!share.takePlace(connect.cost)) {
            context.counters().count(Counters.Name.CONNECTS_REFUSED);
            return false;
        }
        if (!context.inbound().take(InboundBudget.Use.CONNECTING, request().remoteAddress(), connect.cost)) {
            share.leavePlace(connect.cost);
            return false;
        }
        return true;
    }

    private void forget(@Nullable Connect connect) {
        if (connect != null) {
            context.inbound().give(InboundBudget.Use.CONNECTING, request().remoteAddress(), connect.cost);
            share.leavePlace(connect.cost);
        }
    }

    /** What answers a CONNECT runs when its time has come, or when the connection has ended. */
    private void inPace(Runnable answer) {
        switch (pace.admit(answer)) {
            case AT_ONCE -> {}
            case LATER -> context.counters().count(Counters.Name.CONNECTS_DELAYED);
            case TOO_MANY -> { // of a transport that cannot stop reading
                context.counters().count(Counters.Name.INBOX_OVERFLOW);
                socket.close(DisconnectReason.FLOOD);
                answer.run();
            }
        }
    }

    private void judge(String name, Connect connect) {
        inPace(() -> {
            if (isClosed()) {
                judged(name, connect);
            } else {
                // on a worker: an unknown client must not keep an I/O thread busy, and the application says which names
                // a family accepts
                judgeNow(name, connect);
            }
        });
    }

    /** One that waits behind others of its address waits no longer than an authenticator may take. */
    private void judgeNow(String name, Connect connect) {
        Duration patience = context.limits().authenticationTimeout();
        long from = context.time().nanoTime();
        AtomicReference<Time.Timer> timer = new AtomicReference<>();
        boolean waits = share.submit(() -> {
            if (!connect.compareAndSet(false, true)) {
                return;
            }
            Time.Timer late = timer.get();
            if (late == null) {
                admit(name, connect, patience);
                return;
            }
            late.cancel();
            if (isClosed()) {
                judged(name, connect);
            } else {
                admit(name, connect, patience.minusNanos(context.time().nanoTime() - from));
            }
        });
        if (waits) {
            timer.set(context.time()
                    .schedule(
                            patience,
                            () -> context.workers().execute(() -> {
                                if (connect.compareAndSet(false, true)) {
                                    judged(name, connect);
                                    context.counters().count(Counters.Name.CONNECTS_POSTPONED);
                                    postpone();
                                }
                            })));
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void admit(String name, Connect connect, Duration patience) {
        LocalSession former = sessions.get(name);
        if (former != null) {
            former.life().close(DisconnectReason.CLIENT_DISCONNECT); // the client has given it up before it knew of it
        }
        LocalNamespace namespace;
        ConnectPayload payload = null;
        ConnectAttempt newcomer;
        try {
            payload = ConnectPayload.read(
                    connect.data, context.json(), context.recovery().isOn());
            // who makes a namespace come into being counts as new in it
            newcomer = new ConnectAttempt(
                    connects, request().remoteAddress(), payload.wantsItsSession() && namespaces.isLive(name));
            if (!newcomer.mayTry()) {
                judged(name, connect);
                context.counters().count(Counters.Name.CONNECTS_LIMITED);
                postpone();
                return;
            }
            namespace = namespaces.open(name, AddressKey.of(request().remoteAddress()));
        } catch (DecodeException e) {
            judged(name, connect);
            refuse(name, ErrorCode.INVALID_PAYLOAD);
            return;
        } catch (ConnectRefusedException full) {
            judged(name, connect);
            if (payload != null && payload.wantsItsSession()) {
                context.counters().count(Counters.Name.CONNECTS_POSTPONED);
                postpone(); // the session waits, here or elsewhere
            } else {
                refuse(name, full);
            }
            return;
        } catch (RuntimeException | Error e) {
            context.lines().error(LOG, AddressKey.of(request().remoteAddress()), "a namespace could not be opened", e);
            judged(name, connect);
            refuse(name, ErrorCode.HANDLER_FAILED);
            return;
        }
        if (namespace == null) {
            judged(name, connect);
            refuse(
                    name,
                    new ConnectRefusedException(ErrorCode.UNKNOWN_NAMESPACE.sentence())); // as upstream, without data
        } else {
            new Admission(
                            namespace.recovery(),
                            this,
                            payload.auth(),
                            payload.privateId(),
                            payload.offset(),
                            newcomer,
                            patience,
                            () -> {
                                namespaces.admitted(name);
                                judged(name, connect);
                            })
                    .start();
        }
    }

    /**
     * Not now, and for nothing that the client has done: a client that is refused does not come back by itself, and one whose connection is closed
     * does.
     */
    private void postpone() {
        socket.close(DisconnectReason.CONNECT_POSTPONED);
    }

    /** The next one, if there is one, takes the place. */
    private void judged(String name, Connect connect) {
        forget(connect);
        Connect next;
        boolean goesOn;
        synchronized (this) {
            next = admitting.remove(name);
            goesOn = !closed;
            if (next != null && goesOn) {
                admitting.put(name, null);
            }
        }
        if (next != null && goesOn) {
            Connect latest = next;
            judge(name, latest);
        } else {
            forget(next);
        }
    }

    private void refuse(String namespace, ErrorCode code) {
        refuse(namespace, new ConnectRefusedException(code));
    }

    private void refuse(String namespace, ConnectRefusedException refused) {
        Object code = refused.data().get("code"); // of ErrorCode: needs no quoting
        byte[] data = code == null ? null : ("{\"code\":\"" + code + "\"}").getBytes(StandardCharsets.UTF_8);
        send(OutboundMessage.control(PacketEncoder.of(namespace).connectError(refused.getMessage(), data)));
        flush();
    }

    @Override
    public void pinging() {
        sessions.values().forEach(LocalSession::pinged);
    }

    @Override
    public void beating() {
        sessions.values().forEach(LocalSession::keepRecord);
    }

    @Override
    public void ponged() {
        sessions.values().forEach(LocalSession::ponged);
    }

    @Override
    public void lostReliable() {
        sessions.values().forEach(LocalSession::lostReliable);
    }

    @Override
    public void closed(DisconnectReason reason) {
        Map<String, LocalSession> left;
        synchronized (this) {
            closed = true;
            left = sessions;
            sessions = Map.of();
            full.clear();
            anyFull = false;
            cancelDeadline();
            if (attachments != null) {
                attachments.close();
            }
        }
        pace.end();
        left.values().forEach(session -> session.life().connectionLost(this, reason));
        share.release();
    }

    // ---- to the client

    @Override
    public Outbox outbox() {
        return socket.outbox();
    }

    @Override
    public boolean attach(LocalSession session, Runnable first) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            first.run();
            Map<String, LocalSession> more = new LinkedHashMap<>(sessions);
            more.put(session.namespace().name(), session);
            sessions = kept(more);
            cancelDeadline();
        }
        if (session.isFull()) {
            roomChanged(session); // it came back with much that waits
        }
        return true;
    }

    @Override
    public void roomChanged(LocalSession session) {
        synchronized (this) {
            if (sessions.get(session.namespace().name()) == session && session.isFull()) {
                full.add(session);
            } else {
                full.remove(session);
            }
            anyFull = !full.isEmpty();
        }
        socket.roomChanged();
    }

    @Override
    public boolean isFull() {
        return anyFull || pace.isHolding();
    }

    /** As small as it can be for the usual one namespace; more keep their order, which {@code Map.copyOf} does not. */
    private static Map<String, LocalSession> kept(Map<String, LocalSession> sessions) {
        return sessions.size() < 2 ? Map.copyOf(sessions) : sessions;
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    @Override
    public void detach(LocalSession session) {
        synchronized (this) {
            Map<String, LocalSession> fewer = new LinkedHashMap<>(sessions);
            if (fewer.remove(session.namespace().name(), session)) {
                sessions = kept(fewer);
                if (left.size() < context.limits().maxNamespaces()) {
                    Set<String> more = new HashSet<>(left);
                    more.add(session.namespace().name());
                    left = Set.copyOf(more);
                }
            }
        }
        if (anyFull) {
            roomChanged(session);
        }
    }

    @Override
    public void dismiss() {
        CompletableFuture<?>[] over = sessions.values().stream()
                .map(session -> session.dismiss().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(over).thenRun(() -> close(DisconnectReason.SERVER_DISCONNECT));
    }

    @Override
    public void close(DisconnectReason reason) {
        if (reason == DisconnectReason.SERVER_DISCONNECT || reason == DisconnectReason.SERVER_STOPPING) {
            socket.closeGracefully(reason);
        } else {
            socket.close(reason);
        }
    }

    @Override
    public RequestView request() {
        return socket.request();
    }

    @Override
    public HandlerShares.Share share() {
        return share;
    }

    @Override
    public String transport() {
        return socket.transport();
    }
}
