package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
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
    private static final List<Frame> CLOSE = List.of(Frame.text(new byte[] {'1'}));
    /** A GET that comes while the client is about to leave polling is not held for longer. */
    private static final Duration UPGRADE_PAUSE = Duration.ofMillis(100);

    private final NodeContext context;
    private final EngineSocket socket;
    private final PayloadCodec codec;
    private final Cors cors;
    private final BooleanSupplier intakeOver;
    // guarded by this
    private @Nullable HttpExchange held;
    private boolean posting;
    private boolean over;

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
        boolean overlap;
        synchronized (this) {
            if (over) {
                exchange.reply(EngineError.BAD_REQUEST.reply(cors.headers(exchange.request())));
                return;
            }
            overlap = held != null;
            if (!overlap) {
                held = exchange;
            }
        }
        if (overlap) {
            exchange.reply(EngineError.BAD_REQUEST.reply(cors.headers(exchange.request())));
            socket.bad("two requests for messages at once");
            return;
        }
        exchange.onAbort(() -> aborted(exchange));
        if (socket.isUpgrading()) {
            context.time().schedule(UPGRADE_PAUSE, () -> release(exchange));
        }
        socket.outbox().attach(this);
        socket.outbox().flush();
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
            exchange.reply(EngineError.BAD_REQUEST.reply(cors.headers(exchange.request())));
            socket.bad(refused ? "two requests with messages at once" : "a binary request body");
            return;
        }
        exchange.body(context.limits().maxPayload()).whenComplete((body, failure) -> received(exchange, body, failure));
    }

    private void received(HttpExchange exchange, byte @Nullable [] body, @Nullable Throwable failure) {
        synchronized (this) {
            posting = false;
        }
        if (body == null || failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            boolean large = cause instanceof HttpExchange.BodyTooLargeException;
            exchange.reply((large ? EngineError.PAYLOAD_TOO_LARGE : EngineError.BAD_REQUEST)
                    .reply(cors.headers(exchange.request())));
            socket.bad(large ? "a request body above the limit" : "a request body that did not come");
            return;
        }
        List<EnginePacket> packets;
        try {
            packets = codec.decode(decode(body));
        } catch (BadPayloadException | CharacterCodingException e) {
            exchange.reply(EngineError.BAD_REQUEST.reply(cors.headers(exchange.request())));
            socket.bad(e instanceof BadPayloadException bad ? bad.code().name() : "a body that is not UTF-8");
            return;
        }
        for (EnginePacket packet : packets) {
            socket.packet(packet);
        }
        if (intakeOver.getAsBoolean()) { // asked behind the packets: then none of them was too late
            exchange.reply(EngineError.UNAVAILABLE.reply(cors.headers(exchange.request())));
            return;
        }
        exchange.reply(reply(exchange, "text/html", new byte[] {'o', 'k'}));
    }

    private static String decode(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(java.nio.ByteBuffer.wrap(body))
                .toString();
    }

    /** The WebSocket has taken over. A client that still has a GET open did not wait for its end; it gets an answer. */
    void retire() {
        HttpExchange exchange;
        synchronized (this) {
            over = true;
            exchange = held;
            held = null;
        }
        socket.outbox().detach(this);
        if (exchange != null) {
            exchange.reply(messages(exchange, NOOP.frames()));
        }
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
    }
}
