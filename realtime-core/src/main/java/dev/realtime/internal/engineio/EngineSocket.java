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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Engine.IO connection: its outbox, its heartbeat, and the transport it is on, which may change once from polling to WebSocket
 * (Engine.IO protocol v4, "Upgrade"). Ends once, for one reason.
 */
public final class EngineSocket implements Outbox.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSocket.class);
    private static final OutboundMessage PING = OutboundMessage.control(Frame.text(new byte[] {'2'}));

    private final NodeContext context;
    private final String sid;
    private final RequestView request;
    private final boolean takesBinary; // frames of a WebSocket; it may always send them
    private final Outbox outbox;
    private final Consumer<EngineSocket> ended;
    private final EngineListener listener;
    private volatile @Nullable PollingChannel polling;
    private volatile @Nullable Connection webSocket;
    private volatile boolean upgrading;
    private volatile boolean closed; // set under this
    private volatile boolean closing;
    private volatile boolean deaf; // after a violation over polling, until what waits has left
    private volatile @Nullable DisconnectReason goodbye; // said to the next poll
    private volatile boolean paused; // the client is not read: its pongs cannot come
    private volatile long pingedAt; // or opened
    private volatile boolean greeted;
    private volatile long readSince; // after a pause
    // guarded by this
    private int pongsDue; // more than one only after a pause
    private boolean confirms; // the next pong is the one whose ping the listener knows
    private boolean switching;
    private boolean switchAgain;

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
        this.pingedAt = context.time().nanoTime();
        this.readSince = pingedAt;
        String base64 = request.parameter("b64");
        this.takesBinary = base64 == null || base64.isEmpty();
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
    public String transport() {
        return webSocket != null ? "websocket" : "polling";
    }

    public boolean isClosed() {
        return closed;
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
    }

    private OutboundMessage openPacket(boolean upgradable) {
        String json = "0{\"sid\":\"" + sid + "\",\"upgrades\":[" + (upgradable ? "\"websocket\"" : "")
                + "],\"pingInterval\":" + context.heartbeat().interval().toMillis()
                + ",\"pingTimeout\":" + context.heartbeat().timeout().toMillis()
                + ",\"maxPayload\":" + context.limits().maxPayload() + "}";
        return OutboundMessage.control(Frame.text(json.getBytes(StandardCharsets.UTF_8)));
    }

    // ---- transports

    void openPolling(PollingChannel channel) {
        polling = channel;
    }

    /** The connection carries everything from now on. */
    void openWebSocket(Connection connection) {
        webSocket = connection;
        outbox.attach(takesBinary ? connection::write : new TextOnly(connection));
    }

    @Nullable
    PollingChannel polling() {
        return webSocket == null ? polling : null;
    }

    boolean isUpgrading() {
        return upgrading;
    }

    /** Whether a WebSocket may try to take over. */
    boolean canUpgrade() {
        return !closed && !upgrading && polling() != null;
    }

    /** A WebSocket tries to take over; one at a time. */
    synchronized boolean startUpgrade() {
        if (!canUpgrade()) {
            return false;
        }
        upgrading = true;
        return true;
    }

    void abandonUpgrade() {
        upgrading = false;
    }

    /** The client has stopped polling: what waits leaves over the WebSocket. */
    boolean completeUpgrade(Connection connection) {
        Runnable retired;
        synchronized (this) {
            PollingChannel left = polling();
            if (closed || !upgrading || left == null) {
                return false;
            }
            upgrading = false;
            retired = left.retire();
            openWebSocket(connection);
            polling = null;
            paused = false;
        }
        retired.run();
        context.counters().count(Counters.Name.CONNECTIONS_UPGRADED);
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
        boolean confirmed;
        synchronized (this) {
            if (pongsDue == 0) {
                return;
            }
            pongsDue--;
            confirmed = confirms;
            confirms = false;
        }
        if (confirmed) {
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

    /**
     * Stops or goes on reading, whichever the listener wants now. Whoever comes while somebody switches lets that one look again, so that the
     * last look is never an old one.
     */
    public void roomChanged() {
        synchronized (this) {
            switchAgain = switching;
            if (switching) {
                return;
            }
            switching = true;
        }
        while (true) {
            switchTo(listener.isFull());
            synchronized (this) {
                if (!switchAgain) {
                    switching = false;
                    return;
                }
                switchAgain = false;
            }
        }
    }

    private void switchTo(boolean pause) {
        Connection connection = webSocket;
        PollingChannel channel = polling();
        if (pause) {
            paused = connection == null || connection.pauseReading();
            return;
        }
        if (paused) {
            paused = false;
            readSince = context.time().nanoTime(); // its pong may be among what has not been read
        }
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
            return context.heartbeat().interval().toNanos();
        }
        if (outbox.isStalled(now)) {
            context.counters().count(Counters.Name.STALLED);
            close(DisconnectReason.SLOW_CONSUMER);
            return Long.MAX_VALUE;
        }
        Duration interval = context.heartbeat().interval();
        boolean first;
        synchronized (this) {
            first = pongsDue == 0;
            // who is not read cannot answer, and still has to hear of us
            long left = first || paused
                    ? interval.toNanos() - (now - pingedAt)
                    : context.heartbeat().timeout().toNanos() - Math.min(now - pingedAt, now - readSince);
            if (left > 0) {
                return left;
            }
            if (first || paused) {
                pingedAt = now;
                pongsDue++;
                confirms |= first;
            }
        }
        if (!first && !paused) {
            close(DisconnectReason.PING_TIMEOUT);
            return Long.MAX_VALUE;
        }
        if (first) {
            listener.pinging();
        }
        listener.beating();
        send(PING);
        flush();
        return Math.min(interval.toNanos(), context.heartbeat().timeout().toNanos());
    }

    // ---- the end

    /** Closes when what waits has left, or after the stall timeout at the latest. */
    public void closeGracefully(DisconnectReason reason) {
        if (closing) {
            return;
        }
        closing = true;
        context.time()
                .schedule(
                        context.outbox().stallTimeout(), () -> context.workers().execute(() -> close(reason)));
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
        }
        // whatever fails, nobody may be left waiting and nothing counted behind it
        try {
            outbox.end();
            Connection connection = webSocket;
            if (connection != null) {
                end(connection, reason);
            }
        } finally {
            closeBehind(reason);
        }
    }

    private void closeBehind(DisconnectReason reason) {
        PollingChannel channel = polling;
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
