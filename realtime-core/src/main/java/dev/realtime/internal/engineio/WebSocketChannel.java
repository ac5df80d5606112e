package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket side of a socket: from the start, or after it has proved itself beside polling ({@code 2probe}, {@code 3probe},
 * {@code 5}: Engine.IO protocol v4, "Upgrade").
 */
final class WebSocketChannel implements ConnectionListener {
    private static final Frame PROBE_ANSWER = Frame.text("3probe".getBytes(StandardCharsets.US_ASCII));

    private final EngineSocket socket;
    private final Connection connection;
    private volatile boolean probing;
    private Time.@Nullable Timer deadline;

    private WebSocketChannel(EngineSocket socket, Connection connection, boolean probing) {
        this.socket = socket;
        this.connection = connection;
        this.probing = probing;
    }

    /** A connection that begins with a WebSocket. */
    static WebSocketChannel open(EngineSocket socket, Connection connection) {
        socket.openWebSocket(connection);
        return new WebSocketChannel(socket, connection, false);
    }

    /** A connection that may take over from polling. */
    static WebSocketChannel probe(NodeContext context, EngineSocket socket, Connection connection) {
        WebSocketChannel channel = new WebSocketChannel(socket, connection, true);
        channel.deadline = context.time().schedule(context.limits().upgradeTimeout(), channel::tooLate);
        return channel;
    }

    private void tooLate() {
        if (probing) {
            connection.close(1000, "upgrade timeout");
        }
    }

    @Override
    public void text(String message) {
        if (probing) {
            probed(message);
            return;
        }
        EnginePacket packet;
        try {
            packet = EnginePacket.text(message);
        } catch (BadPayloadException e) {
            socket.bad(e.code().name());
            return;
        }
        socket.packet(packet);
    }

    private void probed(String message) {
        if (message.equals("2probe")) {
            connection.write(List.of(PROBE_ANSWER), Ignored.INSTANCE);
            PollingChannel polling = socket.polling();
            if (polling != null) {
                polling.release();
            }
        } else if (message.equals("5")) {
            probing = false;
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
        if (probing) {
            connection.close(1002, "not a probe");
        } else {
            socket.packet(new EnginePacket.Binary(message));
        }
    }

    @Override
    public void closed(int code, String reason) {
        cancelDeadline();
        if (probing) {
            probing = false;
            socket.abandonUpgrade();
        } else {
            socket.close(code == 1006 ? DisconnectReason.TRANSPORT_ERROR : DisconnectReason.TRANSPORT_CLOSED);
        }
    }

    /** The answer to a probe is the only thing written outside the outbox; if it fails, the connection closes. */
    private enum Ignored implements Connection.WriteListener {
        INSTANCE;

        @Override
        public void written() {}

        @Override
        public void failed(Throwable cause) {}
    }
}
