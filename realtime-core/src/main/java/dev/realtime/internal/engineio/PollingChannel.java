package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The long-polling side of a socket: at most one GET waits for messages, without a thread, and at most one POST brings some. It is the
 * outbox's sink only while a GET waits.
 */
final class PollingChannel implements Outbox.Sink {
    private static final OutboundMessage NOOP = OutboundMessage.control(Frame.text(new byte[] {'6'}));
    /** A body is there as bytes and as text for a moment. */
    private static final long TEXT_AND_BYTES = 2;

    private static final List<Frame> CLOSE = List.of(Frame.text(new byte[] {'1'}));
    /** A GET that comes while the client is about to leave polling is not held for longer. */
    private static final Duration UPGRADE_PAUSE = Duration.ofMillis(100);

    /** So many packets of a body are handed on at once. */
    private static final int IN_A_TURN = 4_096;

    private final NodeContext context;
    private final EngineSocket socket;
    private final PayloadCodec codec;
    private final Cors cors;
    private final BooleanSupplier intakeOver;
    // guarded by this
    private @Nullable HttpExchange held;
    private boolean posting;
    private @Nullable Post post; // whose packets have not all been handed on
    private boolean reading;
    private boolean readAgain;
    private boolean over;

    /**
     * A body that is being handed on.
     *
     * @param room of the inbound budget, which it gives back
     */
    private record Post(HttpExchange exchange, PayloadCodec.Reader packets, InboundBudget.Share room) {}

    /** @param intakeOver whether what comes is not taken any more, since the node stops */
    PollingChannel(
            NodeContext context, EngineSocket socket, PayloadCodec codec, Cors cors, BooleanSupplier intakeOver) {
        this.context = context;
        this.socket = socket;
        this.codec = codec;
        this.cors = cors;
        this.intakeOver = intakeOver;
    }

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
            exchange.reply(misplaced().reply(cors.headers(exchange.request())));
            if (overlap) {
                socket.bad("two requests for messages at once");
            }
            return;
        }
        exchange.onAbort(() -> aborted(exchange));
        if (socket.isUpgrading()) {
            context.time().schedule(UPGRADE_PAUSE, () -> release(exchange));
        }
        socket.outbox().attach(this);
        socket.outbox().flush();
        socket.polled();
    }

    /** What a request hears that this channel does not take. */
    private EngineError misplaced() {
        return socket.isClosed() ? EngineError.UNKNOWN_SID : EngineError.BAD_REQUEST;
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
            context.workers().execute(() -> listener.failed(new IllegalStateException("no request waits")));
            return false;
        }
        socket.outbox().detach(this);
        exchange.reply(messages(exchange, batch));
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

    private HttpReply messages(HttpExchange exchange, List<Frame> frames) {
        return reply(exchange, "text/plain; charset=UTF-8", codec.encode(frames));
    }

    private HttpReply reply(HttpExchange exchange, String type, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(cors.headers(exchange.request()));
        headers.put("Content-Type", type);
        headers.put("Cache-Control", "no-store");
        return new HttpReply(200, headers, body);
    }

    void post(HttpExchange exchange) {
        String type = exchange.request().header("content-type");
        boolean refused;
        synchronized (this) {
            refused = posting || over;
            posting = true;
        }
        if (refused || (type != null && type.startsWith("application/octet-stream"))) {
            exchange.reply(misplaced().reply(cors.headers(exchange.request())));
            socket.bad(refused ? "two requests with messages at once" : "a binary request body");
            return;
        }
        int limit = socket.maxMessage();
        InboundBudget.Share room = context.inbound()
                .share(InboundBudget.Use.ARRIVING, exchange.request().remoteAddress());
        if (!room.hold(TEXT_AND_BYTES * Math.min(limit, announced(exchange.request(), limit)))) {
            exchange.reply(EngineError.UNAVAILABLE.reply(cors.headers(exchange.request())));
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
            reading = false;
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
            exchange.reply((large ? EngineError.PAYLOAD_TOO_LARGE : EngineError.BAD_REQUEST)
                    .reply(cors.headers(exchange.request())));
            socket.bad(large ? "a request body above the limit" : "a request body that did not come");
            return;
        }
        String text;
        try {
            text = decode(body);
        } catch (CharacterCodingException e) {
            done(room);
            exchange.reply(ok(exchange));
            socket.bad("a body that is not UTF-8");
            return;
        }
        boolean late;
        synchronized (this) {
            late = over;
            if (!late) {
                post = new Post(exchange, codec.read(text), room);
            }
        }
        if (late) {
            done(room);
            exchange.reply(misplaced().reply(cors.headers(exchange.request())));
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
        synchronized (this) {
            readAgain = reading;
            if (reading) {
                return;
            }
            reading = true;
        }
        while (true) {
            handOnOrAbandon();
            synchronized (this) {
                if (!readAgain) {
                    reading = false;
                    return;
                }
                readAgain = false;
            }
        }
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
            for (int left = IN_A_TURN; current.packets.hasNext() && !isOver(); left--) {
                if (socket.isFull()) {
                    return; // and is called again when there is room
                }
                if (left == 0) {
                    context.workers().execute(this::readOn); // whoever brought the body has others to read
                    return;
                }
                socket.packet(current.packets.next());
            }
        } catch (BadPayloadException e) {
            broken = e.code().name();
        }
        synchronized (this) {
            post = null;
        }
        done(current.room);
        if (broken == null && current.packets.hasNext()) { // the connection has ended before them
            current.exchange.reply(EngineError.BAD_REQUEST.reply(cors.headers(current.exchange.request())));
            return;
        }
        if (intakeOver.getAsBoolean()) { // asked behind the packets: then none of them was too late
            current.exchange.reply(EngineError.UNAVAILABLE.reply(cors.headers(current.exchange.request())));
            return;
        }
        current.exchange.reply(ok(current.exchange));
        if (broken != null) {
            socket.bad(broken);
        }
    }

    private HttpReply ok(HttpExchange exchange) {
        return reply(exchange, "text/html", new byte[] {'o', 'k'});
    }

    private static String decode(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(java.nio.ByteBuffer.wrap(body))
                .toString();
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
        socket.outbox().detach(this);
        return () -> {
            if (exchange != null) {
                exchange.reply(messages(exchange, NOOP.frames()));
            }
            readOn();
        };
    }

    private synchronized boolean isOver() {
        return over;
    }

    void close() {
        HttpExchange exchange;
        synchronized (this) {
            over = true;
            exchange = held;
            held = null;
        }
        if (exchange != null) {
            exchange.reply(messages(exchange, CLOSE));
        }
        readOn(); // whose POST is not answered yet hears how much of it was taken
    }
}
