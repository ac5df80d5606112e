package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a polling client sends: at most one POST at a time, whose packets are handed on as long as the listener takes them.
 * Thread-safe.
 */
final class PollingPosts {
    /** A body is there as bytes and as text for a moment. */
    private static final long TEXT_AND_BYTES = 2;

    /** So many packets of a body are handed on at once. */
    private static final int PACKETS_IN_A_TURN = 4_096;

    private final EngineSocket socket;
    private final PollingReplies replies;
    private final Executor workers;
    private final InboundBudget inbound;
    private final BooleanSupplier refusing;
    private final RepeatedTask handingOn = new RepeatedTask(this::handOnOrAbandon);
    // guarded by this
    private boolean posting;
    private @Nullable Post post; // whose packets have not all been handed on
    private boolean over;

    /**
     * A body that is being handed on.
     *
     * @param room of the inbound budget, which it gives back
     */
    private record Post(HttpExchange exchange, PayloadCodec.Reader packets, InboundBudget.Share room) {}

    /** @param refusing whether what comes is not taken any more, since the node stops */
    PollingPosts(
            EngineSocket socket,
            PollingReplies replies,
            Executor workers,
            InboundBudget inbound,
            BooleanSupplier refusing) {
        this.socket = socket;
        this.replies = replies;
        this.workers = workers;
        this.inbound = inbound;
        this.refusing = refusing;
    }

    /** Takes a POST. */
    void take(HttpExchange exchange) {
        if (socket.ending().isDeaf()) {
            replies.refuse(exchange, socket.misplaced()); // nothing that it brings would be handled
            return;
        }
        String type = exchange.request().header("content-type");
        boolean refused;
        synchronized (this) {
            refused = posting || over;
            posting = true;
        }
        if (refused || (type != null && type.startsWith("application/octet-stream"))) {
            replies.refuse(exchange, socket.misplaced());
            socket.bad(refused ? "two requests with messages at once" : "a binary request body");
            return;
        }
        int limit = socket.maxMessage();
        InboundBudget.Share room =
                inbound.share(InboundBudget.Use.ARRIVING, exchange.request().remoteAddress());
        if (!room.hold(TEXT_AND_BYTES * Math.min(limit, announced(exchange.request(), limit)))) {
            replies.refuse(exchange, EngineError.UNAVAILABLE);
            socket.close(DisconnectReason.TRANSPORT_ERROR); // it comes back, and finds more room then
            return;
        }
        boolean asked = false;
        try {
            var unused = exchange.body(limit).whenComplete((body, failure) -> arrived(exchange, room, body, failure));
            asked = true;
        } finally {
            if (!asked) {
                abandon(room);
            }
        }
    }

    private static long announced(RequestView request, int unknown) {
        String length = request.header("content-length");
        try {
            return length == null ? unknown : Math.max(0, Long.parseLong(length));
        } catch (NumberFormatException e) {
            return unknown;
        }
    }

    /** Whatever fails, nothing is counted behind it: an exception goes on to whoever called, and the client comes back. */
    private void arrived(
            HttpExchange exchange, InboundBudget.Share room, byte @Nullable [] body, @Nullable Throwable failure) {
        boolean handled = false;
        try {
            received(exchange, room, body, failure);
            handled = true;
        } finally {
            if (!handled) {
                abandon(room);
            }
        }
    }

    private void abandon(InboundBudget.Share room) {
        synchronized (this) {
            post = null;
        }
        done(room);
        socket.close(DisconnectReason.TRANSPORT_ERROR);
    }

    private void received(
            HttpExchange exchange, InboundBudget.Share room, byte @Nullable [] body, @Nullable Throwable failure) {
        if (body == null || failure != null) {
            done(room);
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean large = cause instanceof HttpExchange.BodyTooLargeException;
            replies.refuse(exchange, large ? EngineError.PAYLOAD_TOO_LARGE : EngineError.BAD_REQUEST);
            socket.bad(large ? "a request body above the limit" : "a request body that did not come");
            return;
        }
        String text;
        try {
            text = decode(body);
        } catch (CharacterCodingException e) {
            done(room);
            exchange.reply(replies.ok(exchange));
            socket.bad("a body that is not UTF-8");
            return;
        }
        boolean late;
        synchronized (this) {
            late = over;
            if (!late) {
                post = new Post(exchange, replies.codec().read(text), room);
            }
        }
        if (late) {
            done(room);
            replies.refuse(exchange, socket.misplaced());
            return;
        }
        readOn();
        if (isPosting(exchange)) {
            exchange.onAbort(() -> {
                if (isPosting(exchange)) {
                    socket.close(DisconnectReason.TRANSPORT_CLOSED);
                }
            });
        }
    }

    private synchronized boolean isPosting(HttpExchange exchange) {
        return post != null && post.exchange == exchange;
    }

    private void done(InboundBudget.Share room) {
        synchronized (this) {
            posting = false;
        }
        room.close();
    }

    /**
     * Hands on what has been posted, as long as there is room for it. The POST is answered when all of it has been handed on, and until then
     * a client sends no other.
     */
    void readOn() {
        handingOn.run();
    }

    private void handOnOrAbandon() {
        Post current;
        synchronized (this) {
            current = post;
        }
        boolean handled = false;
        try {
            handOn();
            handled = true;
        } finally {
            if (!handled && current != null) {
                abandon(current.room);
            }
        }
    }

    private void handOn() {
        Post current;
        synchronized (this) {
            current = post;
        }
        if (current == null) {
            return;
        }
        String broken = null;
        try {
            for (int left = PACKETS_IN_A_TURN; current.packets.hasNext() && !isOver(); left--) {
                if (socket.isFull()) {
                    return; // and is called again when there is room
                }
                if (left == 0) {
                    workers.execute(this::readOn); // whoever brought the body has others to read
                    return;
                }
                socket.text(current.packets.next());
            }
        } catch (BadPayloadException e) {
            broken = e.code().name();
        } finally {
            socket.readComplete();
        }
        synchronized (this) {
            post = null;
        }
        done(current.room);
        if (broken == null && current.packets.hasNext()) { // the connection has ended before them
            replies.refuse(current.exchange, EngineError.BAD_REQUEST);
            return;
        }
        if (refusing.getAsBoolean()) { // asked behind the packets: then none of them was too late
            replies.refuse(current.exchange, EngineError.UNAVAILABLE);
            return;
        }
        current.exchange.reply(replies.ok(current.exchange));
        if (broken != null) {
            socket.bad(broken);
        }
    }

    private static String decode(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    /** Takes nothing from now on. What has not been handed on yet is refused when {@link #readOn} is called. */
    synchronized void end() {
        over = true;
    }

    private synchronized boolean isOver() {
        return over;
    }
}
