package dev.realtime.jakarta;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of the container as the engine's connection. What the portable API leaves open differs between the containers;
 * this class assumes the least: one send at a time (but see {@link OverlappingSends}), a {@code close()} that may block, and no way to drop a socket but
 * the ones gathered in {@link #dispose}.
 */
final class SocketConnection implements Connection {
    // Tomcat's names; other containers keep and ignore them.
    private static final String BLOCKING_SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";
    private static final String ABNORMAL_CLOSE_TIMEOUT =
            "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";
    private static final String SESSION_CLOSE_TIMEOUT = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

    /** What a peer has for its answer to a goodbye, where the container does not wait for it. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final boolean overlapping;
    private final Closers closers;
    private final Duration patience;
    private final ClientLog log;
    private final String address;
    private final ListenerGate gate = new ListenerGate();
    private final AtomicReference<@Nullable Batch> inFlight = new AtomicReference<>();
    private final AtomicReference<@Nullable CloseReason> goodbye = new AtomicReference<>();
    private final AtomicBoolean goodbyeSent = new AtomicBoolean();
    private final AtomicBoolean terminated = new AtomicBoolean();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** @param address of the client */
    SocketConnection(Session session, Closers closers, Duration patience, ClientLog log, String address) {
        this.session = session;
        // kept: Tomcat refuses to hand it out once the session is closed
        this.remote = session.getAsyncRemote();
        this.overlapping = OverlappingSends.allowed(session);
        this.closers = closers;
        this.patience = patience;
        this.log = log;
        this.address = address;
        // the engine has its own heartbeat
        session.setMaxIdleTimeout(-1);
        long millis = Math.max(1, patience.toMillis());
        session.getUserProperties().put(BLOCKING_SEND_TIMEOUT, millis);
        session.getUserProperties().put(ABNORMAL_CLOSE_TIMEOUT, millis);
        session.getUserProperties().put(SESSION_CLOSE_TIMEOUT, millis);
    }

    void open(Function<Connection, ConnectionListener> opener) {
        gate.open(opener.apply(this));
    }

    int maxMessage() {
        return gate.maxMessage();
    }

    /** Runs once it has ended, whoever ends it; at once if that has been. */
    void whenEnded(Runnable task) {
        var unused = over.thenRun(task);
    }

    void text(String message) {
        gate.deliver(listener -> {
            listener.text(message);
            listener.readComplete();
        });
    }

    void binary(byte[] message) {
        gate.deliver(listener -> {
            listener.binary(message);
            listener.readComplete();
        });
    }

    /** Reported once, however many notice it. */
    private void ended(CloseReason reason) {
        if (gate.end(reason)) {
            over.complete(null);
            abandonInFlight();
        }
    }

    @Override
    public boolean write(List<Frame> frames, WriteListener listener) {
        Batch batch = new Batch(remote, overlapping, frames, new Notifying(listener));
        if (!inFlight.compareAndSet(null, batch)) {
            throw new IllegalStateException("a write is in flight already");
        }
        if (goodbye.get() != null || gate.hasEnded()) {
            batch.abandon(new IOException("the connection is closed"));
        }
        if (!batch.start()) {
            return false;
        }
        Throwable failure = batch.failure();
        settled(failure);
        if (failure != null) {
            closers.soon(() -> listener.failed(failure));
            return false;
        }
        return true;
    }

    /** The portable API has no way to stop, and waiting in a message handler would hold a thread of the container. */
    @Override
    public boolean pauseReading() {
        return false;
    }

    @Override
    public void resumeReading() {}

    @Override
    public void close(int code, String reason) {
        CloseReason why = new CloseReason(CloseCodes.getCloseCode(code), reason);
        if (!terminated.get() && goodbye.compareAndSet(null, why)) {
            terminateLater();
            if (inFlight.get() == null) {
                sayGoodbye();
            }
        }
    }

    @Override
    public void terminate() {
        if (terminated.compareAndSet(false, true)) {
            closers.soon(this::dispose);
        }
    }

    /**
     * The container says that it is over. Who said goodbye first is who decides the code (RFC 6455 section 7.1.5): Undertow now and then
     * takes a client that drops the socket with its answer for one that broke the protocol.
     */
    void closed(CloseReason reason) {
        CloseReason said = goodbyeSent.get() ? goodbye.get() : null;
        boolean abnormal = reason.getCloseCode() == CloseCodes.CLOSED_ABNORMALLY;
        ended(said == null || abnormal ? reason : said);
    }

    /**
     * After an error or a goodbye that the container handles itself, in case that it does not. Once it is over nothing waits any more, or not for long: a
     * container keeps tens of kilobytes for each connection, and thousands may come and go meanwhile.
     */
    void terminateLater() {
        Runnable cancel = closers.after(patience, this::terminate);
        whenEnded(() -> {
            cancel.run();
            if (goodbyeSent.get() && EarlyEnds.possible(session)) {
                closers.after(patience.compareTo(LINGER) < 0 ? patience : LINGER, this::terminate);
            }
        });
    }

    private void settled(@Nullable Throwable failure) {
        inFlight.set(null);
        if (failure != null) {
            // not every container gives up the socket by itself
            terminate();
        } else if (goodbye.get() != null) {
            sayGoodbye();
        }
    }

    private void sayGoodbye() {
        CloseReason reason = goodbye.get();
        if (reason != null && goodbyeSent.compareAndSet(false, true)) {
            boolean accepted = closers.offer(() -> {
                try {
                    session.close(reason);
                } catch (IOException | RuntimeException failed) {
                    log.failed(address, "closing failed, the socket is dropped", failed);
                    terminate();
                }
            });
            if (!accepted) {
                terminate();
            }
        }
    }

    /**
     * Gets rid of the socket without waiting for the peer, by public means only. Tomcat: a close whose close frame has no time
     * to be sent drops the socket. Jetty and Undertow: a close queues its frame behind what is stuck, then an idle timeout that
     * expires at once fails what is pending and closes the socket, Undertow about 100 ms later.
     */
    private void dispose() {
        ended(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, "terminated"));
        try {
            session.getUserProperties().put(BLOCKING_SEND_TIMEOUT, 0L);
            session.close();
            session.setMaxIdleTimeout(1);
        } catch (IOException | RuntimeException gone) {
            log.failed(address, "its WebSocket was closed already", gone);
        }
    }

    private void abandonInFlight() {
        Batch batch = inFlight.get();
        if (batch != null) {
            batch.abandon(new IOException("the connection has ended"));
        }
    }

    /** Frees the connection for the next write before the engine hears of the end of this one. */
    private final class Notifying implements WriteListener {
        private final WriteListener listener;

        Notifying(WriteListener listener) {
            this.listener = listener;
        }

        @Override
        public void written() {
            settled(null);
            listener.written();
        }

        @Override
        public void failed(Throwable cause) {
            settled(cause);
            listener.failed(cause);
        }
    }
}
