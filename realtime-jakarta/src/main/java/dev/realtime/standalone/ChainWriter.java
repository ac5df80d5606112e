package dev.realtime.standalone;

import java.util.List;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** Through the connection's filter chain, which encrypts; a batch is joined first, so that it becomes as few TLS records as possible. */
final class ChainWriter extends SocketWriter {
    ChainWriter(TCPNIOConnection connection) {
        super(connection);
    }

    @Override
    Buffer begin(List<byte[]> pieces, boolean free) {
        int length = 0;
        for (byte[] piece : pieces) {
            length = Math.addExact(length, piece.length);
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, joined, at, piece.length);
            at += piece.length;
        }
        return Buffers.wrap(connection.getTransport().getMemoryManager(), joined);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // as in DirectWriter
    void queue(Buffer rest, EmptyCompletionHandler<Object> whenDone) {
        connection.write(rest, (EmptyCompletionHandler) whenDone);
    }
}
