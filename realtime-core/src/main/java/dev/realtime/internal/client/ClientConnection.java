package dev.realtime.internal.client;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.drain.Wait;
import dev.realtime.internal.engineio.EngineListener;
import dev.realtime.internal.engineio.EngineSocket;
import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.socketio.BadPacketException;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketDecoder;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.InboundBudget;
import dev.realtime.transport.OpeningRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: decodes the Socket.IO packets of its connection and hands each to the session of its namespace. Whatever breaks the
 * protocol ends this connection and nothing else.
 */
public final class ClientConnection implements EngineListener, SessionConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** What stands in front of the payload of a CONNECT. */
    private static final int LONGEST_HEADER = 512;

    /** So long a client is waited for that goes on and on. Nothing more is taken from it then, and what it has sent is still handled. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    private final NodeRuntime runtime;
    private final Limits limits;
    private final InboundBudget inbound;
    private final EngineSocket socket;
    private final PacketDecoder decoder;
    private final HandlerShares.Share share;
    private final ConnectedSessions sessions;
    private final ConnectQueue connects;
    private final HeldFlush held;
    private final LatePackets late;
    private volatile @Nullable ConnectDeadline deadline; // null once it has been met
    // guarded by this
    private InboundBudget.@Nullable Share attachments; // of a packet that is not complete; made once there are some

    /**
     * @param pace at which the CONNECTs of one connection are answered
     * @param latePace of packets for namespaces in which its session has ended
     */
    public ClientConnection(
            NodeRuntime runtime,
            Limits limits,
            InboundBudget inbound,
            HandlerShares shares,
            ConnectHandler handler,
            Pace pace,
            Pace latePace,
            PacketDecoder decoder,
            EngineSocket socket) {
        this.runtime = runtime;
        this.limits = limits;
        this.inbound = inbound;
        this.decoder = decoder;
        this.socket = socket;
        this.share = shares.hold(AddressKey.of(socket.request().remoteAddress()));
        this.sessions = new ConnectedSessions(limits.maxNamespaces());
        this.connects = new ConnectQueue(runtime, limits, inbound, handler, pace, this, sessions, socket::roomChanged);
        this.held = new HeldFlush(socket::flush);
        this.late = new LatePackets(latePace, runtime.time(), runtime.counters());
        this.deadline = new ConnectDeadline(runtime, limits, sessions, connects, socket);
    }

    // ---- from the client

    @Override
    public void text(String raw, int from) {
        Packet packet;
        try {
            packet = decoder.text(raw, from);
        } catch (BadPacketException e) {
            broken(e.code().name());
            return;
        }
        decoded(packet);
    }

    @Override
    public void binary(byte[] message) {
        if (sessions.isEmpty()) {
            broken("binary data before there is a session");
            return;
        }
        Packet packet;
        try {
            packet = decoder.binary(message);
        } catch (BadPacketException e) {
            broken(e.code().name());
            return;
        }
        decoded(packet);
    }

    @Override
    public void readComplete() {
        held.release();
    }

    /** A client without a session has nothing large to say. */
    @Override
    public int maxMessage() {
        int max = limits.maxPayload();
        return sessions.isEmpty() ? Math.min(max, limits.maxConnectPayload() + LONGEST_HEADER) : max;
    }

    /** What waits for its attachments is counted while it does. */
    private void count() {
        InboundBudget.Share share = attachments;
        if (share == null && decoder.isWaitingForAttachments()) {
            share = inbound.share(InboundBudget.Use.ARRIVING, request().remoteAddress());
            synchronized (this) {
                attachments = share;
                if (sessions.isClosed()) {
                    share.close();
                }
            }
        }
        if (share != null && !share.hold(decoder.pendingBytes()) && !socket.isClosed()) {
            socket.close(DisconnectReason.TRANSPORT_ERROR); // it comes back, and finds more room then
        }
    }

    /** @param packet null while some of it is missing */
    private void decoded(@Nullable Packet packet) {
        if (attachments != null || packet == null) {
            count();
        }
        if (packet != null) {
            handle(packet);
        }
    }

    private void handle(Packet packet) {
        LocalSession session = sessions.find(packet.namespace());
        switch (packet.type()) {
            case CONNECT -> connects.connect(packet);
            case EVENT, BINARY_EVENT -> {
                if (session != null) {
                    session.inbox().received(this, packet);
                } else {
                    late(packet);
                }
            }
            case ACK, BINARY_ACK -> {
                if (session != null) {
                    session.acks().answered(this, packet);
                } else {
                    late(packet);
                }
            }
            case DISCONNECT -> {
                if (session != null) {
                    session.closing().close(DisconnectReason.CLIENT_DISCONNECT);
                } else {
                    late(packet);
                }
            }
            default -> broken("a packet that only a server sends");
        }
    }

    /** What was on its way when the session ended is ignored, up to a rate; what never had a session breaks the protocol. */
    private void late(Packet packet) {
        if (!sessions.hadOne(packet.namespace())) {
            broken("a packet for a namespace that is not connected");
        } else if (!late.admit() && !socket.isClosed()) {
            runtime.lines()
                    .info(
                            LOG,
                            AddressKey.of(request().remoteAddress()),
                            "client at {} has sent too much for namespaces that it has left, and is closed",
                            request().remoteAddress());
            socket.close(DisconnectReason.FLOOD);
        }
    }

    private void broken(String what) {
        runtime.counters().count(Counters.Name.PACKETS_BAD);
        runtime.lines()
                .info(
                        LOG,
                        AddressKey.of(request().remoteAddress()),
                        "client at {} broke the protocol: {}",
                        request().remoteAddress(),
                        what);
        socket.violated();
    }

    @Override
    public void pinging() {
        sessions.all().forEach(session -> session.history().pinging());
    }

    @Override
    public void beating() {
        sessions.all().forEach(session -> session.notifier().keepRecord());
    }

    @Override
    public void ponged() {
        sessions.all().forEach(session -> session.history().ponged());
    }

    @Override
    public void lostReliable() {
        sessions.all().forEach(LocalSession::lostReliable);
    }

    @Override
    public CompletionStage<Void> leaving() {
        return new Wait(runtime, idle(sessions.all()))
                .atMost(LONGEST_TURN)
                .whenOver()
                .thenCompose(done -> takeNothingMore())
                .thenCompose(left -> all(left.stream()
                        .map(session -> session.notifier().written().exceptionally(moved -> null))));
    }

    private CompletionStage<Collection<LocalSession>> takeNothingMore() {
        socket.refuseMessages(); // first: a request whose events are not taken any more is not told that they were
        Collection<LocalSession> left = sessions.leave();
        left.forEach(session -> session.lifecycle().endIntake(this));
        return idle(left).thenApply(done -> left);
    }

    private static CompletionStage<Void> idle(Collection<LocalSession> sessions) {
        return all(sessions.stream().map(session -> session.inbox().whenIdle()));
    }

    private static CompletionStage<Void> all(Stream<CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    @Override
    public void closed(DisconnectReason reason) {
        Collection<LocalSession> left = sessions.close();
        step(this::meetDeadline);
        step(this::closeAttachments);
        step(connects::end);
        left.forEach(session -> step(() -> session.lifecycle().connectionLost(this, reason)));
        step(share::release);
    }

    private synchronized void closeAttachments() {
        if (attachments != null) {
            attachments.close();
        }
    }

    /** One that fails keeps the others from nothing: nobody would do them later. */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            runtime.lines()
                    .error(
                            LOG,
                            AddressKey.of(request().remoteAddress()),
                            "a step of the end of a connection failed",
                            e);
        }
    }

    // ---- to the client

    @Override
    public Outbox outbox() {
        return socket.outbox();
    }

    @Override
    public void handlesHere(long now) {
        held.hold(now);
    }

    @Override
    public void handledHere() {
        held.handled();
    }

    @Override
    public boolean attach(LocalSession session, Runnable first) {
        if (!sessions.add(session, first)) {
            return false;
        }
        meetDeadline();
        if (session.inbox().isFull()) {
            roomChanged(session); // it came back with much that waits
        }
        return true;
    }

    @Override
    public void roomChanged(LocalSession session) {
        sessions.roomChanged(session);
        socket.roomChanged();
    }

    @Override
    public boolean isFull() {
        return sessions.isAnyFull() || connects.isHolding();
    }

    private void meetDeadline() {
        ConnectDeadline known = deadline;
        if (known != null) {
            known.meet();
            deadline = null;
        }
    }

    @Override
    public void detach(LocalSession session) {
        sessions.remove(session);
        if (sessions.isAnyFull()) {
            roomChanged(session);
        }
    }

    @Override
    public void dismiss() {
        CompletableFuture<?>[] over = sessions.all().stream()
                .map(session -> session.closing().dismiss().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(over).thenRun(() -> close(DisconnectReason.SERVER_DISCONNECT));
    }

    @Override
    public boolean isGone() {
        return socket.isClosed();
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
    public OpeningRequest request() {
        return socket.request();
    }

    @Override
    public HandlerShares.Share share() {
        return share;
    }

    @Override
    public String transport() {
        return socket.transportName();
    }
}
