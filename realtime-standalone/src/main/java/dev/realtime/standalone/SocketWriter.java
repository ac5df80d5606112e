package dev.realtime.standalone;

import dev.realtime.spi.Connection.WriteListener;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/** The one ordered way to a connection's socket. Never blocks. The monitor is held while bytes move, never while anybody is called. */
abstract class SocketWriter {
    final TCPNIOConnection connection;
    private boolean ending; // guarded by this
    private int queued; // writes that Grizzly still owns; guarded by this

    SocketWriter(TCPNIOConnection connection) {
        this.connection = connection;
    }

    /**
     * Writes the pieces in order, behind everything written before.
     *
     * @return true when the operating system has taken all; the listener is then not called. Otherwise it is called exactly once
     */
    final boolean write(List<byte[]> pieces, WriteListener listener) {
        Pending pending;
        synchronized (this) {
            try {
                Buffer rest = begin(pieces, queued == 0);
                if (rest == null) {
                    return true;
                }
                queued++;
                pending = new Pending(listener);
                queue(rest, pending);
            } catch (java.io.IOException | RuntimeException e) {
                pending = new Pending(listener);
                pending.outcome.set(e);
            }
        }
        return pending.takenAtOnce();
    }

    /** Whether bytes wait for the peer to read. */
    final synchronized boolean isBehind() {
        return queued > 0;
    }

    /** Ends our direction behind everything that was written; the client sees the end of the stream. Nothing can be written after it. */
    final void end() {
        boolean now;
        synchronized (this) {
            ending = true;
            now = queued == 0;
        }
        if (now) {
            shutdown();
        }
    }

    /** Everything has been written: our direction ends. Called without the monitor. */
    void shutdown() {
        try {
            ((SocketChannel) connection.getChannel()).shutdownOutput();
        } catch (java.io.IOException e) {
            connection.terminateSilently(); // it has ended already
        }
    }

    /** Writes what can be written now; returns the rest, or null. Called with the monitor held. */
    abstract @Nullable Buffer begin(List<byte[]> pieces, boolean free) throws java.io.IOException;

    /** Hands the rest to Grizzly. Called with the monitor held. */
    abstract void queue(Buffer rest, EmptyCompletionHandler<Object> whenDone);

    private void done() {
        boolean now;
        synchronized (this) {
            queued--;
            now = ending && queued == 0;
        }
        if (now) {
            SelectorThread.later(connection, this::shutdown); // not in the turn of a write, whose monitor may be held
        }
    }

    /**
     * Grizzly may finish a write before its method returns. The engine is then told by the return value, not by a callback inside its
     * own call.
     */
    private final class Pending extends EmptyCompletionHandler<Object> {
        static final Object RETURNED = new Object();
        static final Object WRITTEN = new Object();

        private final WriteListener listener;
        final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

        Pending(WriteListener listener) {
            this.listener = listener;
        }

        boolean takenAtOnce() {
            if (outcome.compareAndSet(null, RETURNED)) {
                return false;
            }
            Object early = outcome.get();
            if (early instanceof Throwable cause) {
                listener.failed(cause);
                return false;
            }
            return true;
        }

        @Override
        public void completed(Object result) {
            done();
            if (!outcome.compareAndSet(null, WRITTEN)) {
                listener.written();
            }
        }

        @Override
        public void failed(Throwable cause) {
            done();
            if (!outcome.compareAndSet(null, cause)) {
                listener.failed(cause);
            }
        }

        @Override
        public void cancelled() {
            failed(new java.io.IOException("write was cancelled"));
        }
    }
}
