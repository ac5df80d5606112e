package dev.realtime.testkit;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
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
    private final InMemoryWrites writes;
    private final ArrivalQueue arrivals;
    private final ReceivedFrames received = new ReceivedFrames();
    // guarded by this
    private @Nullable ConnectionListener engine;
    private Runnable closeListener = () -> {};
    private boolean lost;
    private boolean clientGone; // receives nothing more
    private boolean broken; // what is under way does not arrive
    private boolean closing;
    private boolean ended;
    private int closeCode;
    private String closeReason = "";

    InMemoryConnection(InMemoryTransport transport, Map<String, String> headers) {
        this.transport = transport;
        this.headers = headers;
        this.writes = new InMemoryWrites(transport, this::receive);
        this.arrivals = new ArrivalQueue(transport.network());
    }

    synchronized void start(ConnectionListener listener) {
        engine = listener;
    }

    // ---- the engine's end

    @Override
    public boolean write(List<Frame> batch, WriteListener listener) {
        return transport.isDead() || writes.write(batch, listener);
    }

    @Override
    public boolean pauseReading() {
        return arrivals.pause();
    }

    @Override
    public void resumeReading() {
        arrivals.resume();
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
        if (writes.isStalled() || lost) {
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
        incoming(message, true);
    }

    /** Sends text messages that the engine gets in one read, as those that have met in a socket. */
    public void sendTogether(List<String> messages) {
        List<String> copy = List.copyOf(messages);
        for (int i = 0; i < copy.size(); i++) {
            incoming(copy.get(i), i == copy.size() - 1);
        }
    }

    private void incoming(String message, boolean last) {
        incoming(message.getBytes(StandardCharsets.UTF_8).length, listener -> listener.text(message), last);
    }

    /** Sends a binary message; ends the connection with 1009 when it is larger than the engine allows. */
    public void send(byte[] message) {
        byte[] copy = message.clone();
        incoming(copy.length, listener -> listener.binary(copy), true);
    }

    /** Returns how many messages the engine has not read, because it wants no more for now. */
    public int unread() {
        return arrivals.size();
    }

    /** Closes the connection in good order. */
    public void closeByClient(int code, String reason) {
        synchronized (this) {
            clientGone = true;
        }
        transport.network().execute(() -> arrivals.add(() -> end(code, reason)));
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
    public void stall() {
        writes.stall();
    }

    /** Reads again, beginning with what has been waiting. */
    public void resume() {
        writes.resume();
    }

    /** From now on every write ends a step later than its call, as on a busy socket. */
    public void slow() {
        writes.slow();
    }

    /** From now on the engine cannot stop reading, as with the WebSockets of servlet containers. */
    public void cannotPause() {
        arrivals.readOn();
    }

    /** Returns what the engine has written, batch by batch; a batch that a stalled client has not taken is not among them. */
    public List<List<Frame>> batches() {
        return writes.batches();
    }

    /** Returns the text messages that the client has received. */
    public List<String> texts() {
        return received.texts();
    }

    /** Returns all messages that the client has received. */
    public List<Frame> frames() {
        return received.all();
    }

    /** Returns the headers of the 101 reply. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Whether both ends are there. */
    public synchronized boolean isOpen() {
        return !ended && !clientGone;
    }

    /** Whether the server's end is over: its listener has been told. */
    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Returns with what code it ended; 0 while it has not. */
    public synchronized int closeCode() {
        return closeCode;
    }

    /** Returns with what reason it ended; empty while it has not, or without one. */
    public synchronized String closeReason() {
        return closeReason;
    }

    void receiver(Consumer<Frame> onFrame, Runnable onClose) {
        synchronized (this) {
            closeListener = onClose;
        }
        received.tell(onFrame);
    }

    // ---- the wire

    private synchronized void leave() {
        clientGone = true;
        broken = true;
    }

    /** @param last whether the read ends with it; it does also when the engine wants nothing more */
    private void incoming(int size, Consumer<ConnectionListener> message, boolean last) {
        transport
                .network()
                .execute(() -> arrivals.add(() -> {
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
                        if (last || arrivals.isPaused()) {
                            listener.readComplete();
                        }
                    });
                }));
    }

    private void receive(Frame frame) {
        synchronized (this) {
            if (clientGone) {
                return;
            }
        }
        received.add(frame);
    }

    private void end(int code, String reason) {
        ConnectionListener listener;
        Runnable failure;
        boolean tellClient;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            closeCode = code;
            closeReason = reason;
            listener = engine;
            failure = writes.end();
            tellClient = !clientGone;
            clientGone = true;
        }
        transport.engine(() -> {
            failure.run();
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
            var unused = writes.end();
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
}
