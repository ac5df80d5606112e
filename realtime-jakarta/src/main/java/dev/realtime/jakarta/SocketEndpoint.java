package dev.realtime.jakarta;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.TransportDoors;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One WebSocket as the container calls it; made per upgrade, so that it knows the engine's decision. */
final class SocketEndpoint extends Endpoint {
    private final TransportDoors doors;
    private final Closers closers;
    private final ClientLog log;
    private final Function<Connection, ConnectionListener> opener;
    private final String address;
    private volatile @Nullable SocketConnection connection;

    /** @param address of the client */
    SocketEndpoint(
            TransportDoors doors,
            Closers closers,
            ClientLog log,
            String address,
            Function<Connection, ConnectionListener> opener) {
        this.doors = doors;
        this.closers = closers;
        this.log = log;
        this.address = address;
        this.opener = opener;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        SocketConnection opened = new SocketConnection(session, closers, doors.patience(), log, address);
        connection = opened;
        opened.open(opener);
        MessageAssembly assembly =
                new MessageAssembly(() -> Math.min(doors.maxPayload(), opened.maxMessage()), doors.inbound(), address);
        opened.whenEnded(assembly::close);
        session.addMessageHandler(String.class, new TextPieces(opened, assembly));
        session.addMessageHandler(ByteBuffer.class, new BinaryPieces(opened, assembly));
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        SocketConnection open = connection;
        if (open != null) {
            open.closed(reason);
        }
    }

    /** The container closes the session after a protocol or I/O error by itself; the termination covers those that do not. */
    @Override
    public void onError(Session session, Throwable cause) {
        log.failed(address, "its WebSocket failed", cause);
        SocketConnection open = connection;
        if (open != null) {
            open.terminateLater();
        }
    }

    // Containers find out by reflection what a handler takes, so these are classes and not lambdas.

    private record TextPieces(SocketConnection connection, MessageAssembly assembly)
            implements MessageHandler.Partial<String> {
        @Override
        public void onMessage(String piece, boolean last) {
            if (!assembly.overflown()) {
                String message = assembly.text(piece, last);
                if (message != null) {
                    connection.text(message);
                } else if (assembly.overflown()) {
                    tooLarge(connection);
                }
            }
        }
    }

    private record BinaryPieces(SocketConnection connection, MessageAssembly assembly)
            implements MessageHandler.Partial<ByteBuffer> {
        @Override
        public void onMessage(ByteBuffer piece, boolean last) {
            if (!assembly.overflown()) {
                byte[] message = assembly.binary(piece, last);
                if (message != null) {
                    connection.binary(message);
                } else if (assembly.overflown()) {
                    tooLarge(connection);
                }
            }
        }
    }

    private static void tooLarge(SocketConnection connection) {
        connection.close(CloseCodes.TOO_BIG.getCode(), "message too large");
    }
}
