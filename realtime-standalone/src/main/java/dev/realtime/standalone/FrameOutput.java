package dev.realtime.standalone;

import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;
import org.jspecify.annotations.Nullable;

/**
 * What leaves over one WebSocket: the engine's batches, of which one is on its way at a time, and between them the pongs and the close
 * frame that Tyrus sends. Thread-safe.
 */
final class FrameOutput extends Writer {
    private final SocketWriter writer;
    private final @Nullable Deflate deflate;
    private final AtomicBoolean latePong = new AtomicBoolean();
    private volatile byte @Nullable [] pong; // the latest, while the peer does not read
    private volatile @Nullable EngineWrite write;

    /** @param deflate compresses what is large; null when the client has not agreed to that */
    FrameOutput(SocketWriter writer, @Nullable Deflate deflate) {
        this.writer = writer;
        this.deflate = deflate;
    }

    /** Writes a batch of the engine's, as {@link dev.realtime.spi.Connection#write} says. */
    boolean write(List<Frame> batch, WriteListener whenDone) {
        List<byte[]> pieces = new ArrayList<>(batch.size());
        for (Frame frame : batch) {
            pieces.add(wire(frame));
        }
        EngineWrite current = new EngineWrite(whenDone);
        write = current;
        if (writer.write(pieces, current)) {
            write = null;
            return true;
        }
        if (!writer.connection.isOpen()) {
            current.failed(new IOException("connection is closed")); // the close listener may have run before the write
        }
        return false;
    }

    private byte[] wire(Frame frame) {
        Deflate compressor = deflate;
        return compressor == null
                ? frame.cached(false, byte[].class, WireFrame::plain)
                : frame.cached(true, byte[].class, compressor::wire);
    }

    /** The socket has ended, and with it what was on its way. */
    void socketClosed() {
        EngineWrite unfinished = write;
        if (unfinished != null) {
            unfinished.failed(new IOException("connection is closed"));
        }
    }

    /**
     * Writes a control frame for Tyrus. RFC 6455 section 5.5.3: it is enough to answer the most recent ping, so a flood of pings must not
     * become a queue of pongs.
     */
    @Override
    public void write(ByteBuffer bytes, CompletionHandler<ByteBuffer> handler) {
        byte[] frame = new byte[bytes.remaining()];
        bytes.get(frame);
        if ((frame[0] & 0x0f) != ControlFrames.CLOSE && writer.isBehind()) {
            pong = frame;
            latePong.set(true);
        } else {
            var unused = writer.write(List.of(frame), new ControlWrite());
        }
    }

    @Override
    public void close() {
        writer.end();
    }

    private void writeLatePong() {
        byte[] late = pong;
        if (late != null && !writer.isBehind() && latePong.compareAndSet(true, false)) {
            pong = null;
            var unused = writer.write(List.of(late), new ControlWrite());
        }
    }

    /** The end of a control frame interests nobody, except that a late pong may follow it. */
    private final class ControlWrite implements WriteListener {
        @Override
        public void written() {
            writeLatePong();
        }

        @Override
        public void failed(Throwable cause) {
            writer.connection.terminateSilently();
        }
    }

    /** The engine's one write in flight; its listener is told once, even if the socket ends first. */
    private final class EngineWrite implements WriteListener {
        private final WriteListener engine;
        private final AtomicBoolean told = new AtomicBoolean();

        EngineWrite(WriteListener engine) {
            this.engine = engine;
        }

        @Override
        public void written() {
            if (told.compareAndSet(false, true)) {
                write = null;
                writeLatePong();
                engine.written();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (told.compareAndSet(false, true)) {
                write = null;
                engine.failed(cause);
                writer.connection.terminateSilently();
            }
        }
    }
}
