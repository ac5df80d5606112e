package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The long-polling side of a socket: at most one GET waits for messages, without a thread. It is the outbox's sink only while a GET waits.
 * Thread-safe.
 */
final class PollingChannel implements Outbox.Sink {
    private static final OutboundMessage NOOP = OutboundMessage.control(Frame.text(new byte[] {'6'}));
    private static final List<Frame> CLOSE = List.of(Frame.text(new byte[] {'1'}));
    /** A GET that comes while the client is about to leave polling is not held for longer. */
    private static final Duration UPGRADE_PAUSE = Duration.ofMillis(100);

    private final EngineSocket socket;
    private final PollingReplies replies;
    private final Time time;
    private final Executor workers;
    private final PollingPosts posts;
    // guarded by this
    private @Nullable HttpExchange held;
    private boolean over;

    PollingChannel(EngineSocket socket, PollingReplies replies, Time time, Executor workers, PollingPosts posts) {
        this.socket = socket;
        this.replies = replies;
        this.time = time;
        this.workers = workers;
        this.posts = posts;
    }

    /** Takes a POST, which brings messages. */
    void post(HttpExchange exchange) {
        posts.take(exchange);
    }

    /** Goes on reading what has been posted, if there is room for it. */
    void readOn() {
        posts.readOn();
    }

    /** Takes a GET, which waits for messages. */
    void get(HttpExchange exchange) {
        boolean late;
        boolean overlap;
        synchronized (this) {
            late = over;
            overlap = !late && held != null;
            if (!late && !overlap) {
                held = exchange;
            }
        }
        if (late || overlap) {
            replies.refuse(exchange, socket.misplaced());
            if (overlap) {
                socket.bad("two requests for messages at once");
            }
            return;
        }
        exchange.onAbort(() -> aborted(exchange));
        if (socket.transport().isUpgrading()) {
            time.schedule(UPGRADE_PAUSE, () -> release(exchange));
        }
        socket.outbox().attach(this);
        socket.outbox().flush();
        socket.ending().polled();
    }

    /** Whether a GET waits. */
    synchronized boolean isHeld() {
        return held != null;
    }

    private void aborted(HttpExchange exchange) {
        synchronized (this) {
            if (held != exchange) {
                return;
            }
            held = null;
        }
        socket.outbox().detach(this);
        socket.close(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Override
    public boolean write(List<Frame> batch, Connection.WriteListener listener) {
        HttpExchange exchange = take();
        if (exchange == null) {
            // the GET ended between the outbox's look and now; its messages are lost with the connection that this ends
            workers.execute(() -> listener.failed(new IllegalStateException("no request waits")));
            return false;
        }
        socket.outbox().detach(this);
        exchange.reply(replies.messages(exchange, batch));
        return true;
    }

    private synchronized @Nullable HttpExchange take() {
        HttpExchange exchange = held;
        held = null;
        return exchange;
    }

    /**
     * Answers a waiting GET, with a NOOP if there is nothing else, so that the client may pause. It goes through the outbox: a message
     * that is on its way to this GET at the same moment must find it.
     */
    void release() {
        synchronized (this) {
            if (held == null) {
                return;
            }
        }
        socket.outbox().offer(NOOP);
        socket.outbox().flush();
    }

    private void release(HttpExchange exchange) {
        boolean still;
        synchronized (this) {
            still = held == exchange;
        }
        if (still) {
            release();
        }
    }

    /**
     * The WebSocket has taken over. A client that still has a GET open did not wait for its end; it gets an answer. So does one whose POST
     * is still being handed on: what is left of it is not taken.
     *
     * @return gives them; to be run without locks
     */
    Runnable retire() {
        HttpExchange exchange;
        synchronized (this) {
            over = true;
            exchange = held;
            held = null;
        }
        posts.end();
        socket.outbox().detach(this);
        return () -> {
            if (exchange != null) {
                exchange.reply(replies.messages(exchange, NOOP.frames()));
            }
            readOn();
        };
    }

    /** The socket has ended: whoever waits hears so. */
    void close() {
        HttpExchange exchange;
        synchronized (this) {
            over = true;
            exchange = held;
            held = null;
        }
        posts.end();
        if (exchange != null) {
            exchange.reply(replies.messages(exchange, CLOSE));
        }
        readOn(); // whose POST is not answered yet hears how much of it was taken
    }
}
