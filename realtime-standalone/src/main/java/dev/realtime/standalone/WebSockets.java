package dev.realtime.standalone;

import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.TransportDoors;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/** What all WebSockets of a server share, and which of them are open. */
final class WebSockets implements AutoCloseable {
    private final TransportDoors doors;
    private final DeadlineTimer deadlines;
    private final HeavyWork heavy;
    private final BufferPool buffers = new BufferPool();
    private final Deflate deflate;
    private final Set<WebSocketConnection> open = ConcurrentHashMap.newKeySet();

    WebSockets(TransportDoors doors, DeadlineTimer deadlines, HeavyWork heavy) {
        this.heavy = heavy;
        this.doors = doors;
        this.deadlines = deadlines;
        this.deflate = new Deflate(doors.compression().threshold());
    }

    WebSocketConnection open(TCPNIOConnection connection, SocketWriter writer, boolean compressed, String address) {
        WebSocketConnection socket = new WebSocketConnection(writer, this, compressed ? deflate : null, address);
        open.add(socket);
        return socket;
    }

    SocketWriter writer(TCPNIOConnection connection, boolean secure) {
        return secure ? new ChainWriter(connection) : new DirectWriter(connection, buffers);
    }

    int maxPayload() {
        return doors.maxPayload();
    }

    InboundBudget inbound() {
        return doors.inbound();
    }

    Duration patience() {
        return doors.patience();
    }

    DeadlineTimer deadlines() {
        return deadlines;
    }

    HeavyWork heavy() {
        return heavy;
    }

    void ended(WebSocketConnection socket) {
        open.remove(socket);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void closeAll(int code, String reason) {
        open.forEach(socket -> socket.close(code, reason));
    }

    void terminateAll() {
        open.forEach(WebSocketConnection::terminate);
    }

    /** Frees the compressors; connections must have ended. */
    @Override
    public void close() {
        deflate.close();
    }

    /** The WebSocket of a Grizzly connection. */
    static final String ATTRIBUTE = "dev.realtime.standalone.websocket";

    static @Nullable WebSocketConnection of(org.glassfish.grizzly.Connection<?> connection) {
        return (WebSocketConnection) connection.getAttributes().getAttribute(ATTRIBUTE);
    }
}
