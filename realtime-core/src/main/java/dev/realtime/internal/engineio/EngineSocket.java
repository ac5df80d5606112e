package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Connection;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One Engine.IO connection: packets come in from its transport and leave through its outbox. Ends once, for one reason. */
public final class EngineSocket implements Outbox.Owner {
    private static final OutboundMessage PING = OutboundMessage.control(Frame.text(new byte[] {'2'}));

    private final NodeRuntime runtime;
    private final InboundBudget inbound;
    private final String sid;
    private final OpeningRequest request;
    private final Outbox outbox;
    private final SocketTransport transport;
    private final SocketHeartbeat heartbeat;
    private final RepeatedTask reading = new RepeatedTask(() -> read(!isFull()));
    private final EngineListener listener;
    private final SocketEnding ending;
    private volatile boolean greeted;
    private volatile boolean refusesMessages;

    /**
     * @param listener makes the listener of this socket
     * @param ended told once after the listener
     */
    EngineSocket(
            NodeRuntime runtime,
            Heartbeat heartbeat,
            OutboxLimits limits,
            InboundBudget inbound,
            OutboundBudget outbound,
            String sid,
            OpeningRequest request,
            Function<EngineSocket, EngineListener> listener,
            Consumer<EngineSocket> ended) {
        this.runtime = runtime;
        this.inbound = inbound;
        this.sid = sid;
        this.request = request;
        this.outbox = new Outbox(limits, outbound, this);
        String base64 = request.query("b64").orElse(null);
        this.transport = new SocketTransport(outbox, base64 == null || base64.isEmpty());
        this.heartbeat = new SocketHeartbeat(heartbeat, runtime.time().nanoTime());
        this.listener = listener.apply(this);
        this.ending = new SocketEnding(runtime, limits.stallTimeout(), this, this.listener, ended);
    }

    public String sid() {
        return sid;
    }

    /** The request that opened it. */
    public OpeningRequest request() {
        return request;
    }

    /** {@code websocket} or {@code polling}. */
    public String transportName() {
        return isOverWebSocket() ? "websocket" : "polling";
    }

    boolean isOverWebSocket() {
        return transport.webSocket() != null;
    }

    public boolean isClosed() {
        return ending.isClosed();
    }

    ConnectionLog log() {
        return new ConnectionLog(runtime.lines(), this);
    }

    /** What a request hears that comes when it cannot be taken. */
    EngineError misplaced() {
        return isClosed() ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
    }

    /** How it ends, once it does. */
    SocketEnding ending() {
        return ending;
    }

    // ---- to the client

    /** Puts a message into the outbox; it leaves with {@link #flush()}. */
    public void send(OutboundMessage message) {
        outbox.offer(message);
    }

    public void flush() {
        outbox.flush();
    }

    /** Sends the first packet, on a machine that takes a beat's time over opening a connection too. */
    void greet(OutboundMessage open) {
        send(open);
        greeted = true;
        log().begun();
    }

    // ---- transports

    /** What carries its packets now. */
    SocketTransport transport() {
        return transport;
    }

    @Nullable
    PollingChannel polling() {
        return transport.polling();
    }

    /** The client has stopped polling: what waits leaves over the WebSocket. */
    boolean completeUpgrade(Connection connection) {
        Runnable retired = transport.completeUpgrade(connection);
        if (retired == null) {
            return false;
        }
        heartbeat.transportChanged();
        retired.run();
        runtime.counters().count(Counters.Name.CONNECTIONS_UPGRADED);
        log().upgraded();
        outbox.flush();
        roomChanged();
        ending.upgraded();
        return true;
    }

    /** What waits for the client; the same for the socket's whole life. */
    public Outbox outbox() {
        return outbox;
    }

    // ---- from the client

    /**
     * Takes a packet that came as text, from either transport; a client without binary frames sends base64.
     *
     * @throws BadPayloadException if it is no packet
     */
    void text(String packet) {
        if (PayloadCodec.isBinary(packet)) {
            binary(PayloadCodec.binary(packet));
            return;
        }
        EnginePacketType type = EnginePacketType.ofPacket(packet);
        if (ending.isClosed() || ending.isDeaf()) {
            return;
        }
        switch (type) {
            case MESSAGE -> listener.text(packet, EnginePacketType.LENGTH);
            case PONG -> pong();
            case CLOSE -> ending.closedByClient();
            case NOOP, UPGRADE -> {}
            default -> bad("a packet that only a server sends");
        }
    }

    /** Takes a binary message; the array is kept. */
    void binary(byte[] message) {
        if (!ending.isClosed() && !ending.isDeaf()) {
            listener.binary(message);
        }
    }

    /** All that was read has been handed on, and its transport has nothing more for now. */
    void readComplete() {
        listener.readComplete();
    }

    private void pong() {
        EngineObserver observer = runtime.counters().observer();
        if (observer != null) {
            long latency = heartbeat.latency(nanoTime());
            if (latency >= 0) {
                observer.ponged(latency);
            }
        }
        if (heartbeat.ponged()) {
            listener.ponged();
        }
    }

    /** How large a message may be that begins now. */
    int maxMessage() {
        return listener.maxMessage();
    }

    /** Whether nothing more is to be read now. */
    boolean isFull() {
        return listener.isFull();
    }

    /** Stops or goes on reading, whichever the listener wants now. */
    public void roomChanged() {
        reading.run();
    }

    private void read(boolean on) {
        Connection connection = transport.webSocket();
        PollingChannel channel = transport.polling();
        if (!on) {
            boolean stopped = connection == null || connection.pauseReading();
            heartbeat.reading(!stopped, runtime.time().nanoTime());
            return;
        }
        heartbeat.reading(true, runtime.time().nanoTime());
        if (connection != null) {
            connection.resumeReading();
        } else if (channel != null) {
            channel.readOn();
        }
    }

    /** The client broke the protocol. */
    void bad(String what) {
        runtime.counters().count(Counters.Name.PACKETS_BAD);
        log().violated(what);
        violated();
    }

    /** The client broke the protocol. */
    public void violated() {
        ending.violated();
    }

    // ---- heartbeat

    /**
     * Does what is due, but does not let the client go.
     *
     * @return nanoseconds until something may be due again; negative if the client is to be {@linkplain #letGoIfDue let go}
     */
    long beat(long now) {
        if (isClosed()) {
            return Long.MAX_VALUE;
        }
        if (!greeted) {
            return heartbeat.interval();
        }
        outbox.countIfBehind(now);
        return outbox.isStalled(now) ? -1 : heartbeat.beat(now, this);
    }

    /** Closes if the client takes nothing, or is silent, for too long by now. */
    void letGoIfDue(long now) {
        if (isClosed()) {
            return;
        }
        if (outbox.isStalled(now)) {
            runtime.counters().count(Counters.Name.STALLED);
            close(DisconnectReason.SLOW_CONSUMER);
        } else if (heartbeat.isOverdue(now)) {
            close(DisconnectReason.PING_TIMEOUT);
        }
    }

    /** @param first whether its pong is the only one that is due */
    void ping(boolean first) {
        if (first) {
            listener.pinging();
        }
        listener.beating();
        send(PING);
        flush();
    }

    // ---- the end

    /** Asks the client to come back elsewhere, when it has all that it is owed. What it sends meanwhile is not taken. */
    void move() {
        listener.leaving().whenComplete((done, failure) -> closeGracefully(DisconnectReason.SERVER_STOPPING));
    }

    /** What comes from now on is not taken, and no request is told that it was. */
    public void refuseMessages() {
        refusesMessages = true;
    }

    boolean refusesMessages() {
        return refusesMessages;
    }

    /** Closes when what waits has left, or after the stall timeout at the latest. */
    public void closeGracefully(DisconnectReason reason) {
        ending.closeGracefully(reason);
    }

    /** Closes now. */
    public void close(DisconnectReason reason) {
        ending.close(reason);
    }

    // ---- from the outbox

    @Override
    public void overflowed() {
        runtime.counters().count(Counters.Name.OUTBOX_OVERFLOW);
        // not in the turn of whoever wrote the message that was one too many
        runtime.workers().execute(() -> close(DisconnectReason.SLOW_CONSUMER));
    }

    @Override
    public void crowdedOut() {
        runtime.counters().count(Counters.Name.OUTBOUND_DISCONNECTED);
        runtime.workers().execute(() -> close(DisconnectReason.SLOW_CONSUMER));
    }

    @Override
    public void writes(int frames, int bytes) {
        EngineObserver observer = runtime.counters().observer();
        if (observer != null) {
            observer.wrote(frames, bytes);
        }
    }

    @Override
    public void writeFailed(Throwable cause) {
        close(DisconnectReason.TRANSPORT_ERROR);
    }

    @Override
    public void broke(Throwable cause) {
        try {
            runtime.workers().execute(() -> close(DisconnectReason.TRANSPORT_ERROR));
        } finally {
            log().broke(cause);
        }
    }

    @Override
    public void dropped(OutboundMessage message) {
        if (message.kind() == OutboundMessage.Kind.VOLATILE) {
            runtime.counters().count(Counters.Name.VOLATILE_DROPPED);
        } else {
            runtime.counters().count(Counters.Name.RELIABLE_DROPPED);
            listener.lostReliable();
        }
    }

    @Override
    public InboundBudget.Share account() {
        return inbound.share(InboundBudget.Use.UNREAD, request.remoteAddress());
    }

    @Override
    public long nanoTime() {
        return runtime.time().nanoTime();
    }
}
