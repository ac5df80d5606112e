package dev.realtime.testkit;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket in memory. The engine holds it as its {@link Connection}; the test holds the other end: it sends, reads, stops reading,
 * closes, resets or loses the network without a word.
 */
public final class InMemoryConnection implements Connection {
    private static final Set<Integer> NOT_TO_BE_SENT = Set.of(1004, 1005, 1006, 1015);
    private static final int ABNORMAL = 1006;
    private static final int TOO_BIG = 1009;

    private final InMemoryTransport transport;
    private final Map<String, String> headers;
    private final List<List<Frame>> batches = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private @Nullable ConnectionListener engine;
    private @Nullable Consumer<Frame> receiver;
    private Runnable closeListener = () -> {};
    private @Nullable Held held;
    private final Deque<Runnable> unread = new ArrayDeque<>(); // while the engine does not read
    private boolean paused;
    private boolean readsOn;
    private boolean stalled;
    private boolean slow;
    private boolean lost;
    private boolean clientGone; // receives nothing more
    private boolean broken; // what is under way does not arrive
    private boolean closing;
    private boolean ended;
    private boolean writing;
    private int closeCode;
    private String closeReason = "";

    InMemoryConnection(InMemoryTransport transport, Map<String, String> headers) {
        this.transport = transport;
        this.headers = headers;
    }

    synchronized void start(ConnectionListener listener) {
        engine = listener;
    }

    // ---- the engine's end

    @Override
    public synchronized boolean write(List<Frame> batch, WriteListener listener) {
        if (transport.isDead()) {
            return true;
        }
        List<Frame> copy = List.copyOf(batch);
        if (copy.isEmpty()) {
            transport.violation("an empty batch was written");
        }
        if (writing) {
            transport.violation("a write began before the previous one had ended");
        }
        if (ended) {
            transport
                    .network()
                    .execute(
                            () -> transport.engine(() -> listener.failed(new IOException("the connection has ended"))));
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
            transport.network().execute(() -> {
                writeEnded();
                transport.engine(listener::written);
            });
            return false;
        }
        return true;
    }

    @Override
    public synchronized boolean pauseReading() {
        if (readsOn) {
            return false;
        }
        paused = true;
        return true;
    }

    @Override
    public synchronized void resumeReading() {
        paused = false;
        if (!unread.isEmpty()) {
            transport.network().execute(this::readUnread);
        }
    }

    private void readUnread() {
        while (true) {
            Runnable next;
            synchronized (this) {
                if (paused || unread.isEmpty()) {
                    return;
                }
                next = unread.remove();
            }
            next.run();
        }
    }

    /** What comes from the wire; it waits behind what has not been read. */
    private void read(Runnable arrival) {
        synchronized (this) {
            if (paused || !unread.isEmpty()) {
                unread.add(arrival);
                return;
            }
        }
        arrival.run();
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (NOT_TO_BE_SENT.contains(code) || code < 1000 || code > 4999) {
            transport.violation("close code " + code + " must not be sent");
        }
        if (reason.getBytes(StandardCharsets.UTF_8).length > 123) {
            transport.violation("the close reason is longer than 123 bytes: " + reason);
        }
        if (ended || closing || transport.isDead()) {
            return;
        }
        closing = true;
        if (stalled || lost) {
            var unused = transport.time().schedule(transport.doors().patience(), () -> end(ABNORMAL, ""));
        } else {
            transport.network().execute(() -> end(code, reason));
        }
    }

    @Override
    public void terminate() {
        if (transport.isDead()) {
            return;
        }
        transport.network().execute(() -> end(ABNORMAL, ""));
    }

    // ---- the client's end

    /** Sends a text message; ends the connection with 1009 when it is larger than the engine allows. */
    public void send(String message) {
        incoming(message.getBytes(StandardCharsets.UTF_8).length, listener -> listener.text(message));
    }

    /** Sends a binary message; ends the connection with 1009 when it is larger than the engine allows. */
    public void send(byte[] message) {
        byte[] copy = message.clone();
        incoming(copy.length, listener -> listener.binary(copy));
    }

    /** Messages that the engine has not read, because it wants no more for now. */
    public synchronized int unread() {
        return unread.size();
    }

    /** Closes the connection in good order. */
    public void closeByClient(int code, String reason) {
        synchronized (this) {
            clientGone = true;
        }
        transport.network().execute(() -> read(() -> end(code, reason)));
    }

    /** Resets the connection: what is under way is lost, and the server learns of it at once. */
    public void reset() {
        leave();
        transport.network().execute(() -> end(ABNORMAL, ""));
    }

    /** Loses the network without a word: what is under way is lost, and the server goes on believing in this connection. */
    public synchronized void lose() {
        leave();
        lost = true;
    }

    /** Stops reading: from now on no write ends. */
    public synchronized void stall() {
        stalled = true;
    }

    /** Reads again, beginning with what has been waiting. */
    public synchronized void resume() {
        stalled = false;
        Held waiting = held;
        held = null;
        if (waiting != null) {
            deliver(waiting.batch);
            transport.network().execute(() -> {
                writeEnded();
                transport.engine(waiting.listener::written);
            });
        }
    }

    /** From now on every write ends a step later than its call, as on a busy socket. */
    public synchronized void slow() {
        slow = true;
    }

    /** From now on the engine cannot stop reading, as with the WebSockets of servlet containers. */
    public synchronized void cannotPause() {
        readsOn = true;
    }

    /** What the engine has written, batch by batch; a batch that a stalled client has not taken is not among them. */
    public synchronized List<List<Frame>> batches() {
        return List.copyOf(batches);
    }

    /** The text messages that the client has received. */
    public synchronized List<String> texts() {
        return frames.stream()
                .filter(frame -> !frame.isBinary())
                .map(frame -> new String(frame.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    /** All messages that the client has received. */
    public synchronized List<Frame> frames() {
        return List.copyOf(frames);
    }

    /** The headers of the 101 reply. */
    public Map<String, String> headers() {
        return headers;
    }

    public synchronized boolean isOpen() {
        return !ended && !clientGone;
    }

    /** Whether the server's end is over: its listener has been told. */
    public synchronized boolean hasEnded() {
        return ended;
    }

    /** With what code it ended; 0 while it has not. */
    public synchronized int closeCode() {
        return closeCode;
    }

    public synchronized String closeReason() {
        return closeReason;
    }

    synchronized void receiver(Consumer<Frame> onFrame, Runnable onClose) {
        receiver = onFrame;
        closeListener = onClose;
        frames.forEach(onFrame);
    }

    // ---- the wire

    private synchronized void leave() {
        clientGone = true;
        broken = true;
    }

    private synchronized void writeEnded() {
        writing = false;
    }

    private void incoming(int size, Consumer<ConnectionListener> message) {
        transport
                .network()
                .execute(() -> read(() -> {
                    ConnectionListener listener;
                    synchronized (this) {
                        if (ended || broken) {
                            return;
                        }
                        listener = engine;
                    }
                    if (listener == null) {
                        return;
                    }
                    transport.engine(() -> {
                        if (hasEnded()) {
                            return;
                        }
                        if (size > Math.min(transport.doors().maxPayload(), listener.maxMessage())) {
                            transport.network().execute(() -> end(TOO_BIG, "message too big"));
                            return;
                        }
                        message.accept(listener);
                        listener.readComplete();
                    });
                }));
    }

    private void deliver(List<Frame> batch) {
        batches.add(batch);
        for (Frame frame : batch) {
            transport.network().execute(() -> receive(frame));
        }
    }

    private void receive(Frame frame) {
        Consumer<Frame> client;
        synchronized (this) {
            if (clientGone) {
                return;
            }
            frames.add(frame);
            client = receiver;
        }
        if (client != null) {
            client.accept(frame);
        }
    }

    private void end(int code, String reason) {
        ConnectionListener listener;
        Held waiting;
        boolean tellClient;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            closeCode = code;
            closeReason = reason;
            listener = engine;
            waiting = held;
            held = null;
            tellClient = !clientGone;
            clientGone = true;
        }
        transport.engine(() -> {
            if (waiting != null) {
                waiting.listener.failed(new IOException("the connection has ended"));
            }
            if (listener != null) {
                listener.closed(code, reason);
            }
        });
        if (tellClient) {
            closeListener.run();
        }
    }

    /** The process at the engine's end is gone: the client learns of it, the engine does not. */
    void cut() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            held = null;
        }
        transport.network().execute(() -> {
            synchronized (this) {
                if (clientGone) {
                    return;
                }
                clientGone = true;
            }
            closeListener.run();
        });
    }

    private record Held(List<Frame> batch, WriteListener listener) {}
}
