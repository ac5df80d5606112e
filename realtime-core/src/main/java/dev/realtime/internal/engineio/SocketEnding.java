package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a socket ends: at once, or with a goodbye when what waits for its client has left. It ends once, for one reason. Thread-safe. */
final class SocketEnding {
    private final NodeRuntime runtime;
    private final Duration stallTimeout;
    private final EngineSocket socket;
    private final EngineListener listener;
    private final Consumer<EngineSocket> ended;
    private volatile boolean closed; // set under this
    private volatile boolean closing; // set under this
    private volatile boolean deaf; // after a violation over polling, until what waits has left
    private volatile @Nullable DisconnectReason goodbye; // said to the next poll
    private Time.@Nullable Timer patience; // guarded by this

    /**
     * @param stallTimeout the longest that a graceful close waits
     * @param ended told once after the listener
     */
    SocketEnding(
            NodeRuntime runtime,
            Duration stallTimeout,
            EngineSocket socket,
            EngineListener listener,
            Consumer<EngineSocket> ended) {
        this.runtime = runtime;
        this.stallTimeout = stallTimeout;
        this.socket = socket;
        this.listener = listener;
        this.ended = ended;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether what comes is dropped, since the client has broken the protocol and is about to be told so. */
    boolean isDeaf() {
        return deaf;
    }

    /** The client said that it closes: a request that it still holds is answered with a NOOP. */
    void closedByClient() {
        PollingChannel channel = socket.polling();
        if (channel != null) {
            channel.release();
        }
        close(DisconnectReason.TRANSPORT_CLOSED);
    }

    /** The client broke the protocol. Over polling it learns so behind what waits for it, as a client that is sent away. */
    void violated() {
        if (socket.polling() == null) {
            close(DisconnectReason.PROTOCOL_ERROR);
        } else {
            deaf = true;
            closeGracefully(DisconnectReason.PROTOCOL_ERROR);
        }
    }

    /** Closes when what waits has left, or after the stall timeout at the latest. */
    void closeGracefully(DisconnectReason reason) {
        synchronized (this) {
            if (closing || closed) {
                return;
            }
            closing = true;
            patience = runtime.time()
                    .schedule(stallTimeout, () -> runtime.workers().execute(() -> close(reason)));
        }
        socket.flush();
        socket.outbox().whenEmpty(() -> sayGoodbye(reason));
    }

    /**
     * The client has all that was meant for it. Over polling it is told with a payload of its own, so with its next request: the official client
     * handles a close packet at once, and messages that came with it a moment later, when it has none to handle them.
     */
    private void sayGoodbye(DisconnectReason reason) {
        goodbye = reason;
        PollingChannel channel = socket.polling();
        if (channel == null || channel.isHeld()) {
            close(reason);
        }
    }

    /** A poll has come, and what waited has left with it. */
    void polled() {
        DisconnectReason end = goodbye;
        if (end != null) {
            socket.outbox().whenEmpty(() -> sayGoodbye(end));
        }
    }

    /** A WebSocket carries from now on what is left to be said. */
    void upgraded() {
        DisconnectReason end = goodbye;
        if (end != null) {
            socket.outbox().whenEmpty(() -> close(end));
        }
    }

    /** Closes now. */
    void close(DisconnectReason reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (patience != null) {
                patience.cancel();
            }
        }
        socket.transport().end();
        // whatever fails, nobody may be left waiting and nothing counted behind it
        try {
            socket.outbox().end();
            Connection connection = socket.transport().webSocket();
            if (connection != null) {
                end(connection, reason);
            }
        } finally {
            closeBehind(reason);
        }
    }

    private void closeBehind(DisconnectReason reason) {
        runtime.counters().connectionClosed(reason);
        socket.log().ended(reason);
        PollingChannel channel = socket.transport().polling();
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            try {
                listener.closed(reason);
            } finally {
                ended.accept(socket);
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
}
