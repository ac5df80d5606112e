package dev.realtime.testkit;

import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine's writes on their way to a client that reads at once, later, or not at all. Thread-safe. */
final class InMemoryWrites {
    private final InMemoryTransport transport;
    private final Consumer<Frame> client;
    // guarded by this
    private final List<List<Frame>> batches = new ArrayList<>();
    private @Nullable Held held;
    private boolean stalled;
    private boolean slow;
    private boolean writing;
    private boolean ended;

    private record Held(List<Frame> batch, WriteListener listener) {}

    /** @param client is given each message, as a task of the network */
    InMemoryWrites(InMemoryTransport transport, Consumer<Frame> client) {
        this.transport = transport;
        this.client = client;
    }

    /** Takes a batch; see {@link dev.realtime.spi.Connection#write}. */
    synchronized boolean write(List<Frame> batch, WriteListener listener) {
        List<Frame> copy = List.copyOf(batch);
        if (copy.isEmpty()) {
            transport.violation("an empty batch was written");
        }
        if (writing) {
            transport.violation("a write began before the previous one had ended");
        }
        if (ended) {
            transport.network().execute(() -> transport.engine(() -> fail(listener)));
            return false;
        }
        if (stalled) {
            writing = true;
            held = new Held(copy, listener);
            return false;
        }
        deliver(copy);
        if (slow) {
            writing = true;
            endLater(listener);
            return false;
        }
        return true;
    }

    private void deliver(List<Frame> batch) {
        batches.add(batch);
        for (Frame frame : batch) {
            transport.network().execute(() -> client.accept(frame));
        }
    }

    private void endLater(WriteListener listener) {
        transport.network().execute(() -> {
            synchronized (this) {
                writing = false;
            }
            transport.engine(listener::written);
        });
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized boolean isStalled() {
        return stalled;
    }

    /** The client reads again, beginning with the write that has waited. */
    synchronized void resume() {
        stalled = false;
        Held waiting = held;
        held = null;
        if (waiting != null) {
            deliver(waiting.batch);
            endLater(waiting.listener);
        }
    }

    /** From now on every write ends a step later than its call. */
    synchronized void slow() {
        slow = true;
    }

    /** What the client has been given, batch by batch. */
    synchronized List<List<Frame>> batches() {
        return List.copyOf(batches);
    }

    /** Takes nothing any more. Returns what tells the engine that the write which waits has failed. */
    synchronized Runnable end() {
        ended = true;
        Held waiting = held;
        held = null;
        return waiting == null ? () -> {} : () -> fail(waiting.listener);
    }

    private static void fail(WriteListener listener) {
        listener.failed(new IOException("the connection has ended"));
    }
}
