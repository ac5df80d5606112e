package dev.realtime.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.memory.CompositeBuffer;
import org.glassfish.grizzly.memory.MemoryManager;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.jspecify.annotations.Nullable;

/**
 * Past the filter chain: a batch is copied into one direct buffer and leaves in one system call (85 % of the cost of a delivery is the
 * call itself). The rest that a full socket does not take stays in the shared frames: a slow consumer costs references, not copies.
 */
final class DirectWriter extends SocketWriter {
    private final SocketChannel channel;
    private final BufferPool pool;

    DirectWriter(TCPNIOConnection connection, BufferPool pool) {
        super(connection);
        this.channel = (SocketChannel) connection.getChannel();
        this.pool = pool;
    }

    @Override
    @Nullable
    Buffer begin(List<byte[]> pieces, boolean free) throws IOException {
        long sent = free ? send(pieces) : 0;
        return rest(pieces, sent);
    }

    private long send(List<byte[]> pieces) throws IOException {
        ByteBuffer buffer = pool.take();
        try {
            long sent = 0;
            for (byte[] piece : pieces) {
                int from = 0;
                while (from < piece.length) {
                    int now = Math.min(buffer.remaining(), piece.length - from);
                    buffer.put(piece, from, now);
                    from += now;
                    if (!buffer.hasRemaining()) {
                        buffer.flip();
                        sent += channel.write(buffer);
                        if (buffer.hasRemaining()) {
                            return sent;
                        }
                        buffer.clear();
                    }
                }
            }
            buffer.flip();
            return buffer.hasRemaining() ? sent + channel.write(buffer) : sent;
        } finally {
            pool.give(buffer);
        }
    }

    private @Nullable Buffer rest(List<byte[]> pieces, long sent) {
        MemoryManager<?> memory = connection.getTransport().getMemoryManager();
        CompositeBuffer rest = null;
        long skip = sent;
        for (byte[] piece : pieces) {
            if (skip >= piece.length) {
                skip -= piece.length;
                continue;
            }
            Buffer part = Buffers.wrap(memory, piece, (int) skip, piece.length - (int) skip);
            skip = 0;
            rest = rest == null ? CompositeBuffer.newBuffer(memory, part) : rest.append(part);
        }
        return rest;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"
    }) // Grizzly's handlers want their exact result type, which nobody here reads
    void queue(Buffer rest, EmptyCompletionHandler<Object> whenDone) {
        ((TCPNIOTransport) connection.getTransport())
                .getAsyncQueueIO()
                .getWriter()
                .write(connection, (java.net.SocketAddress) null, rest, (EmptyCompletionHandler) whenDone);
    }
}
