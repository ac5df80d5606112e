package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket side of a socket: from the start, or after it has proved itself beside polling ({@code 2probe}, {@code 3probe},
 * {@code 5}: Engine.IO protocol v4, "Upgrade").
 */
final class WebSocketChannel implements ConnectionListener {
    private static final int LONGEST_PROBE = 125;

    private final EngineSocket socket;
    private final Connection connection;
    private volatile @Nullable ProbedConnection probing;
    private Time.@Nullable Timer deadline;

    private WebSocketChannel(EngineSocket socket, Connection connection, @Nullable ProbedConnection probing) {
        this.socket = socket;
        this.connection = connection;
        this.probing = probing;
    }

    /** A connection that begins with a WebSocket. */
    static WebSocketChannel of(EngineSocket socket, Connection connection) {
        return new WebSocketChannel(socket, connection, null);
    }

    /**
     * A connection that may take over from polling.
     *
     * @param patience how long the probe may take
     */
    static WebSocketChannel probe(Time time, Duration patience, EngineSocket socket, Connection connection) {
        ProbedConnection probed = new ProbedConnection(connection);
        WebSocketChannel channel = new WebSocketChannel(socket, probed, probed);
        channel.deadline = time.schedule(patience, channel::tooLate);
        return channel;
    }

    @Override
    public int maxMessage() {
        return probing == null ? socket.maxMessage() : LONGEST_PROBE;
    }

    private void tooLate() {
        if (probing != null) {
            connection.close(1000, "upgrade timeout");
        }
    }

    @Override
    public void text(String message) {
        ProbedConnection probed = probing;
        if (probed != null) {
            probed(probed, message);
            return;
        }
        try {
            socket.text(message);
        } catch (BadPayloadException e) {
            socket.bad(e.code().name());
        }
    }

    private void probed(ProbedConnection probed, String message) {
        if (message.equals("2probe") && probed.answer()) {
            PollingChannel polling = socket.polling();
            if (polling != null) {
                polling.release();
            }
        } else if (message.equals("5")) {
            probing = null;
            cancelDeadline();
            if (!socket.completeUpgrade(connection)) {
                connection.close(1000, "too late");
            }
        } else {
            connection.close(1002, "not a probe");
        }
    }

    private void cancelDeadline() {
        Time.Timer timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public void binary(byte[] message) {
        if (probing != null) {
            connection.close(1002, "not a probe");
        } else {
            socket.binary(message);
        }
    }

    @Override
    public void readComplete() {
        if (probing == null) {
            socket.readComplete();
        }
    }

    @Override
    public void closed(int code, String reason) {
        cancelDeadline();
        if (probing != null) {
            probing = null;
            socket.transport().abandonUpgrade();
        } else {
            socket.close(code == 1006 ? DisconnectReason.TRANSPORT_ERROR : DisconnectReason.TRANSPORT_CLOSED);
        }
    }
}
