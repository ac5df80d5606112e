package dev.realtime.redis.internal.wire;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message of the bus as a payload of upstream's Pub/Sub channels: msgpack {@code {type, data, uid, nsp}}. Thread-safe.
 *
 * <p>Upstream's answers (types 10 and 12) hold the first argument only; so do ours.
 */
public final class BusCodec {
    private static final Logger LOG = LoggerFactory.getLogger(BusCodec.class);

    private final BoundedLog lines;

    /** @param lines for messages that cannot be read */
    public BusCodec(BoundedLog lines) {
        this.lines = lines;
    }

    /**
     * What was heard.
     *
     * @param from who sent it
     * @param type a {@link MessageType}
     * @param message null for the heartbeats, which say no more than their type
     */
    public record Heard(
            String from,
            String namespace,
            int type,
            @Nullable BusMessage message) {}

    /** @throws IllegalArgumentException when the message has no form that another node could read */
    public byte[] encode(String from, String namespace, BusMessage message) {
        MsgpackWriter out = new MsgpackWriter().map(4).string("type");
        if (message instanceof BusMessage.Volatile emit) {
            out.integer(type(MessageType.BROADCAST, emit.target()));
            writeVolatile(emit, out.string("data"));
        } else if (message instanceof BusMessage.Ask ask) {
            out.integer(type(MessageType.BROADCAST, ask.target()));
            writeAsk(ask, out.string("data"));
        } else if (message instanceof BusMessage.Asked asked) {
            out.integer(MessageType.BROADCAST_CLIENT_COUNT).string("data").map(3);
            out.string("requestId").string(asked.id());
            out.string("clientCount").integer(asked.count());
            out.string("sids").strings(asked.sessions());
        } else if (message instanceof BusMessage.Answered answered) {
            writeAnswered(answered, out);
        } else if (message instanceof BusMessage.Fetch fetch) {
            out.integer(type(MessageType.FETCH_SOCKETS, fetch.target()));
            out.string("data").map(fetch.target().node() == null ? 2 : 3);
            BroadcastOptions.write(fetch.target(), false, null, out);
            out.string("requestId").string(fetch.id());
            writeNode(fetch.target(), out);
        } else if (message instanceof BusMessage.Fetched fetched) {
            out.integer(MessageType.FETCH_SOCKETS_RESPONSE).string("data").map(3);
            out.string("requestId").string(fetched.id());
            SocketViews.writeAll(fetched.sessions(), out);
        } else if (message instanceof BusMessage.ServerEvent event) {
            String id = event.id();
            out.integer(MessageType.SERVER_SIDE_EMIT)
                    .string("data")
                    .map((id == null ? 1 : 2) + (event.terms().isNone() ? 0 : 1));
            if (id != null) {
                out.string("requestId").string(id);
            }
            if (!event.terms().isNone()) {
                TermsCodec.write(event.terms(), out);
            }
            JsonToMsgpack.arguments(event.event(), out.string("packet"));
        } else if (message instanceof BusMessage.ServerReply reply) {
            int mark = out.integer(MessageType.SERVER_SIDE_EMIT_RESPONSE)
                    .string("data")
                    .open();
            out.string("requestId").string(reply.id());
            out.closeMap(mark, 1 + JsonToMsgpack.answer(reply.answer(), out));
        } else if (message instanceof BusMessage.TakenOver taken) {
            out.integer(MessageType.TAKEN_OVER).string("data").map(2);
            out.string("sid").string(taken.sessionId());
            out.string("fence").integer(taken.fence());
        }
        out.string("uid").string(from).string("nsp").string(namespace);
        return out.toByteArray();
    }

    /** A heartbeat or a goodbye. */
    public byte[] encode(String from, String namespace, int type) {
        MsgpackWriter out = new MsgpackWriter().map(3);
        out.string("type")
                .integer(type)
                .string("uid")
                .string(from)
                .string("nsp")
                .string(namespace);
        return out.toByteArray();
    }

    private static int type(int type, Target target) {
        return target.node() == null ? type : type + MessageType.NODE_ONLY;
    }

    private static void writeNode(Target target, MsgpackWriter out) {
        if (target.node() != null) {
            out.string("node").string(target.node());
        }
    }

    private static void writeVolatile(BusMessage.Volatile emit, MsgpackWriter out) {
        Target target = emit.target();
        String key = emit.coalesceKey();
        out.map(2 + (target.node() == null ? 0 : 1) + (key == null ? 0 : 1));
        Packets.write(emit.event(), out);
        BroadcastOptions.write(target, true, null, out);
        writeNode(target, out);
        if (key != null) {
            out.string("coalesce").string(key);
        }
    }

    private static void writeAsk(BusMessage.Ask ask, MsgpackWriter out) {
        out.map(ask.target().node() == null ? 3 : 4);
        Packets.write(ask.request(), out);
        out.string("requestId").string(ask.id());
        BroadcastOptions.write(ask.target(), false, ask.timeout(), out);
        writeNode(ask.target(), out);
    }

    private static void writeAnswered(BusMessage.Answered answered, MsgpackWriter out) {
        String session = answered.session();
        EventData answer = answered.answer();
        out.integer(answer == null ? MessageType.BROADCAST_LOST : MessageType.BROADCAST_ACK);
        int mark = out.string("data").open();
        int members = 1;
        out.string("requestId").string(answered.id());
        if (answer != null) {
            members += JsonToMsgpack.answer(answer, out);
        }
        if (session != null) {
            out.string("sid").string(session);
            members++;
        }
        out.closeMap(mark, members);
    }

    /** Null when the payload is of a type that is not ours to handle, or is not valid: then that is logged, never thrown. */
    public @Nullable Heard decode(byte[] payload) {
        try {
            return BusReader.read(payload);
        } catch (BadWireException e) {
            lines.warn(
                    LOG,
                    "",
                    "a message of another node is not valid and was left out: {}",
                    e.getMessage()); // nor is its sender known
            return null;
        }
    }
}
