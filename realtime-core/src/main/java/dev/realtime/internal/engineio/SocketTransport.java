package dev.realtime.internal.engineio;

import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What a socket's packets travel over: a WebSocket from the start, or polling, which a WebSocket may take over from once (Engine.IO protocol v4,
 * "Upgrade"). Thread-safe.
 */
final class SocketTransport {
    private final Outbox outbox;
    private final boolean takesBinary;
    // all set under this
    private volatile @Nullable PollingChannel polling;
    private volatile @Nullable Connection webSocket;
    private volatile boolean upgrading;
    private volatile boolean ended;

    /** @param takesBinary whether the client reads binary frames of a WebSocket; it may always send them */
    SocketTransport(Outbox outbox, boolean takesBinary) {
        this.outbox = outbox;
        this.takesBinary = takesBinary;
    }

    void openPolling(PollingChannel channel) {
        polling = channel;
    }

    /** The connection carries everything from now on. */
    synchronized void openWebSocket(Connection connection) {
        webSocket = connection;
        outbox.attach(takesBinary ? connection::write : new TextOnly(connection));
    }

    /** Null while the client polls. */
    @Nullable
    Connection webSocket() {
        return webSocket;
    }

    /** Null once a WebSocket carries everything. */
    @Nullable
    PollingChannel polling() {
        return webSocket == null ? polling : null;
    }

    boolean isUpgrading() {
        return upgrading;
    }

    /** Whether a WebSocket may try to take over. */
    boolean canUpgrade() {
        return !ended && !upgrading && polling() != null;
    }

    /** Lets a WebSocket try to take over; one at a time. */
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

    /**
     * Lets a WebSocket take over, since the client has stopped polling.
     *
     * @return answers the requests that are still open, without locks; null when it is too late to take over
     */
    synchronized @Nullable Runnable completeUpgrade(Connection connection) {
        PollingChannel left = polling();
        if (ended || !upgrading || left == null) {
            return null;
        }
        upgrading = false;
        Runnable retired = left.retire();
        openWebSocket(connection);
        polling = null;
        return retired;
    }

    /** Lets nothing take over from now on. */
    synchronized void end() {
        ended = true;
    }
}
