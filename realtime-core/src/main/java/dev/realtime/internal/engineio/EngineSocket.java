package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Engine.IO connection: packets come in from its transport and leave through its outbox. Ends once, for one reason. */
public final class EngineSocket implements Outbox.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSocket.class);
    private static final OutboundMessage PING = OutboundMessage.control(Frame.text(new byte[] {'2'}));

    private final NodeContext context;
    private final String sid;
    private final RequestView request;
    private final Outbox outbox;
    private final SocketTransport transport;
    private final SocketHeartbeat heartbeat;
    private final RepeatedTask reading = new RepeatedTask(() -> read(!isFull()));
    private final Consumer<EngineSocket> ended;
    private final EngineListener listener;
    private volatile boolean closed; // set under this
    private volatile boolean closing; // set under this
    private volatile boolean deaf; // after a violation over polling, until what waits has left
    private volatile @Nullable DisconnectReason goodbye; // said to the next poll
    private volatile boolean greeted;
    private Time.@Nullable Timer patience; // how long a graceful close waits at most; guarded by this

    /**
     * @param listener makes the listener of this socket
     * @param ended told once after the listener
     */
    EngineSocket(
            NodeContext context,
            String sid,
            RequestView request,
            Function<EngineSocket, EngineListener> listener,
            Consumer<EngineSocket> ended) {
        this.context = context;
        this.sid = sid;
        this.request = request;
        this.ended = ended;
        this.outbox = new Outbox(context.outbox(), this);
        String base64 = request.parameter("b64");
        this.transport = new SocketTransport(outbox, base64 == null || base64.isEmpty());
        this.heartbeat = new SocketHeartbeat(context.heartbeat(), context.time().nanoTime());
        this.listener = listener.apply(this);
    }

    public String sid() {
        return sid;
    }

    /** The request that opened it. */
    public RequestView request() {
        return request;
    }

    /** {@code websocket} or {@code polling}. */
    public String transportName() {
        return transport.webSocket() != null ? "websocket" : "polling";
    }

    public boolean isClosed() {
        return closed;
    }

    private ConnectionLog log() {
        return new ConnectionLog(context.lines(), this);
    }

    /** Whether what comes is dropped, since the client has broken the protocol and is about to be told so. */
    boolean isDeaf() {
        return deaf;
    }

    /** What a request hears that comes when it cannot be taken. */
    EngineError misplaced() {
        return closed ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
    }

    // ---- to the client

    /** Puts a message into the outbox; it leaves with {@link #flush()}. */
    public void send(OutboundMessage message) {
        outbox.offer(message);
    }

    public void flush() {
        outbox.flush();
    }

    /** Runs the task when all that was sent has left; never, if the socket ends before. */
    public void whenSent(Runnable task) {
        outbox.whenEmpty(task);
    }

    /** The first packet, on a machine that takes a beat's time over opening a connection too. */
    void greet(boolean upgradable) {
        send(openPacket(upgradable));
        greeted = true;
        log().begun();
    }

    private OutboundMessage openPacket(boolean upgradable) {
        String json = "0{\"sid\":\"" + sid + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + context.heartbeat().interval().toMillis()
                + ",\"pingTimeout\":" + context.heartbeat().timeout().toMillis()
                + ",\"maxPayload\":" + context.limits().maxPayload() + "}";
        return OutboundMessage.control(Frame.text(json.getBytes(StandardCharsets.UTF_8)));
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
        context.counters().count(Counters.Name.CONNECTIONS_UPGRADED);
        log().upgraded();
        outbox.flush();
        roomChanged();
        DisconnectReason end = goodbye;
        if (end != null) {
            outbox.whenEmpty(() -> close(end));
        }
        return true;
    }

    /** What waits for the client; the same for the socket's whole life. */
    public Outbox outbox() {
        return outbox;
    }

    // ---- from the client

    /** A packet, from either transport. */
    void packet(EnginePacket packet) {
        if (closed || deaf) {
            return;
        }
        if (packet instanceof EnginePacket.Binary binary) {
            listener.binary(binary.bytes());
            return;
        }
        EnginePacket.Text text = (EnginePacket.Text) packet;
        switch (text.type()) {
            case MESSAGE -> listener.text(text.raw(), EnginePacket.Text.DATA_FROM);
            case PONG -> pong();
            case CLOSE -> closeQuietly();
            case NOOP, UPGRADE -> {}
            default -> bad("a packet that only a server sends");
        }
    }

    private void pong() {
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
            heartbeat.reading(!stopped, context.time().nanoTime());
            return;
        }
        heartbeat.reading(true, context.time().nanoTime());
        if (connection != null) {
            connection.resumeReading();
        } else if (channel != null) {
            channel.readOn();
        }
    }

    /** The client said that it closes: a request that it still holds is answered with a NOOP. */
    private void closeQuietly() {
        PollingChannel channel = polling();
        if (channel != null) {
            channel.release();
        }
        close(DisconnectReason.TRANSPORT_CLOSED);
    }

    /** The client broke the protocol. */
    void bad(String what) {
        context.counters().count(Counters.Name.PACKETS_BAD);
        context.lines()
                .info(
                        LOG,
                        AddressKey.of(request.remoteAddress()),
                        "connection from {} broke the protocol: {}",
                        request.remoteAddress(),
                        what);
        violated();
    }

    /** The client broke the protocol. Over polling it learns so behind what waits for it, as a client that is sent away. */
    public void violated() {
        if (polling() == null) {
            close(DisconnectReason.PROTOCOL_ERROR);
        } else {
            deaf = true;
            closeGracefully(DisconnectReason.PROTOCOL_ERROR);
        }
    }

    // ---- heartbeat

    /**
     * Does what is due.
     *
     * @return nanoseconds until something may be due again
     */
    long beat(long now) {
        if (closed) {
            return Long.MAX_VALUE;
        }
        if (!greeted) {
            return heartbeat.interval();
        }
        if (outbox.isStalled(now)) {
            context.counters().count(Counters.Name.STALLED);
            close(DisconnectReason.SLOW_CONSUMER);
            return Long.MAX_VALUE;
        }
        return heartbeat.beat(now, this);
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

    /** Closes when what waits has left, or after the stall timeout at the latest. */
    public void closeGracefully(DisconnectReason reason) {
        synchronized (this) {
            if (closing || closed) {
                return;
            }
            closing = true;
            patience = context.time()
                    .schedule(
                            context.outbox().stallTimeout(),
                            () -> context.workers().execute(() -> close(reason)));
        }
        outbox.flush();
        outbox.whenEmpty(() -> sayGoodbye(reason));
    }

    /**
     * The client has all that was meant for it. Over polling it is told with a payload of its own, so with its next request: the official client
     * handles a close packet at once, and messages that came with it a moment later, when it has none to handle them.
     */
    private void sayGoodbye(DisconnectReason reason) {
        goodbye = reason;
        PollingChannel channel = polling();
        if (channel == null || channel.isHeld()) {
            close(reason);
        }
    }

    /** A poll has come, and what waited has left with it. */
    void polled() {
        DisconnectReason end = goodbye;
        if (end != null) {
            outbox.whenEmpty(() -> sayGoodbye(end));
        }
    }

    public void close(DisconnectReason reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (patience != null) {
                patience.cancel();
            }
        }
        transport.end();
        // whatever fails, nobody may be left waiting and nothing counted behind it
        try {
            outbox.end();
            Connection connection = transport.webSocket();
            if (connection != null) {
                end(connection, reason);
            }
        } finally {
            closeBehind(reason);
        }
    }

    private void closeBehind(DisconnectReason reason) {
        log().ended(reason);
        PollingChannel channel = transport.polling();
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            try {
                listener.closed(reason);
            } finally {
                ended.accept(this);
            }
        }
    }

    /** A peer that does not read or answer gets no goodbye. */
    private static void end(Connection connection, DisconnectReason reason) {
        switch (reason) {
            case SLOW_CONSUMER, PING_TIMEOUT, TRANSPORT_ERROR -> connection.terminate();
            case PROTOCOL_ERROR -> connection.close(1002, reason.code());
            case FLOOD -> connection.close(1008, reason.code());
            case CONNECT_POSTPONED -> connection.close(1013, reason.code());
            case SERVER_STOPPING -> connection.close(1001, reason.code());
            default -> connection.close(1000, reason.code());
        }
    }

    @Override
    public void overflowed() {
        context.counters().count(Counters.Name.OUTBOX_OVERFLOW);
        // not in the turn of whoever wrote the message that was one too many
        context.workers().execute(() -> close(DisconnectReason.SLOW_CONSUMER));
    }

    @Override
    public void writeFailed(Throwable cause) {
        close(DisconnectReason.TRANSPORT_ERROR);
    }

    @Override
    public void dropped(OutboundMessage message) {
        if (message.kind() == OutboundMessage.Kind.VOLATILE) {
            context.counters().count(Counters.Name.VOLATILE_DROPPED);
        } else {
            context.counters().count(Counters.Name.RELIABLE_DROPPED);
            listener.lostReliable();
        }
    }

    @Override
    public InboundBudget.Share account() {
        return context.inbound().share(InboundBudget.Use.UNREAD, request.remoteAddress());
    }

    @Override
    public long nanoTime() {
        return context.time().nanoTime();
    }
}
