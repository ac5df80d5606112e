package dev.realtime.standalone;

import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What leaves over one WebSocket: the engine's batches, of which one is on its way at a time, and between them pongs and the close frame.
 * Thread-safe.
 */
final class FrameOutput {
    private final SocketWriter writer;
    private final @Nullable Deflate deflate;
    private final AtomicBoolean latePong = new AtomicBoolean();
    private volatile byte @Nullable [] pong; // the latest, while the peer does not read
    private volatile boolean closing; // no pong behind a close frame
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
     * Answers a ping. RFC 6455 section 5.5.3: it is enough to answer the most recent one, so a flood of pings must not become a queue of
     * pongs.
     */
    void pong(byte[] payload) {
        byte[] frame = ControlFrames.pong(payload);
        if (writer.isBehind()) {
            pong = frame;
            latePong.set(true);
        } else {
            control(frame);
        }
    }

    /** Says goodbye, behind everything that was written. */
    void close(int code, String reason) {
        closing = true;
        var unused = writer.write(List.of(ControlFrames.close(code, reason)), new ControlWrite());
    }

    private void control(byte[] frame) {
        if (!closing) {
            var unused = writer.write(List.of(frame), new ControlWrite());
        }
    }

    private void writeLatePong() {
        byte[] late = pong;
        if (late != null && !writer.isBehind() && latePong.compareAndSet(true, false)) {
            pong = null;
            control(late);
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
