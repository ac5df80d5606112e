package dev.realtime.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.realtime.testkit.contract.ConnectionContract.Client;
import dev.realtime.testkit.contract.ConnectionContract.Served;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** For a {@link ConnectionContract} on a transport with real sockets: its clients are WebSockets whose frames are written by hand. */
public final class RealSocketTransport implements Served {
    private final URI server;
    private final Runnable stop;
    private final List<RawWebSocket> sockets = new ArrayList<>();

    /**
     * @param server where it listens, {@code http://127.0.0.1:8080}
     * @param stop ends it
     */
    public RealSocketTransport(URI server, Runnable stop) {
        this.server = server;
        this.stop = stop;
    }

    @Override
    public Client connect() {
        RawWebSocket socket = RawWebSocket.open(server, "EIO=4&transport=websocket");
        sockets.add(socket);
        return new SocketEnd(socket);
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        Waiting.until(what, condition);
    }

    @Override
    public void close() {
        sockets.forEach(RawWebSocket::close);
        stop.run();
    }

    /** Reads only when asked to, so it need not do anything to stall. */
    private record SocketEnd(RawWebSocket socket) implements Client {
        @Override
        public void send(String message) {
            socket.trySend(RawWebSocket.FIN | RawWebSocket.TEXT, message.getBytes(UTF_8));
        }

        @Override
        public void send(byte[] message) {
            socket.trySend(RawWebSocket.FIN | RawWebSocket.BINARY, message);
        }

        @Override
        public Object next() {
            return socket.next();
        }

        @Override
        public int closed() {
            return socket.closed();
        }

        @Override
        public void close(int code) {
            socket.trySend(
                    RawWebSocket.FIN | RawWebSocket.CLOSE,
                    ByteBuffer.allocate(2).putShort((short) code).array());
        }

        @Override
        public void reset() {
            socket.reset();
        }

        @Override
        public void stall() {
            // reads nothing as long as nobody asks
        }
    }
}
