package dev.realtime.standalone;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLUtils;

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

    /** TLS has an end of its own, the alert close_notify: without it a client cannot tell the end of what was sent from a cut connection. */
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // as in DirectWriter
    void shutdown() {
        SSLEngine engine = SSLUtils.getSSLEngine(connection);
        if (engine == null) {
            super.shutdown();
            return;
        }
        ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        synchronized (connection) { // as the filter does while it encrypts
            engine.closeOutbound();
            try {
                engine.wrap(ByteBuffer.allocate(0), alert);
            } catch (SSLException e) {
                alert.clear(); // the handshake has failed, and nothing can be said
            }
            alert.flip();
        }
        if (!alert.hasRemaining()) {
            super.shutdown();
            return;
        }
        Buffer bytes = Buffers.wrap(connection.getTransport().getMemoryManager(), alert);
        ((TCPNIOTransport) connection.getTransport())
                .getAsyncQueueIO()
                .getWriter()
                .write(connection, (SocketAddress) null, bytes, (EmptyCompletionHandler) new Said());
    }

    private void shutdownNow() {
        super.shutdown();
    }

    /** The alert has left. */
    private final class Said extends EmptyCompletionHandler<Object> {
        @Override
        public void completed(Object result) {
            shutdownNow();
        }

        @Override
        public void failed(Throwable cause) {
            shutdownNow();
        }
    }
}
