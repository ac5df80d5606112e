package dev.realtime.redis.internal.wire;

import dev.realtime.redis.internal.wire.BusCodec.Heard;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what another node has sent. */
final class BusReader {
    /** What upstream gives its own requests that do not say. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** More than one node can have; who asked keeps a name for each. */
    private static final int MAX_CLIENTS = 1_000_000;

    private final String from;
    private final int type;
    private final MsgpackValue.Members data;

    private BusReader(String from, int type, MsgpackValue.Members data) {
        this.from = from;
        this.type = type;
        this.data = data;
    }

    static @Nullable Heard read(byte[] payload) throws BadWireException {
        MsgpackValue.Members envelope = MsgpackValue.message(payload).members();
        String from = envelope.get("uid").identifier();
        String namespace = envelope.get("nsp").text();
        long type = envelope.get("type").integer();
        if (type == MessageType.INITIAL_HEARTBEAT
                || type == MessageType.HEARTBEAT
                || type == MessageType.ADAPTER_CLOSE) {
            return new Heard(from, namespace, (int) type, null);
        }
        if (type < 0 || type > 2 * MessageType.NODE_ONLY) {
            return null;
        }
        BusMessage message = new BusReader(from, (int) type, data(envelope)).message();
        return message == null ? null : new Heard(from, namespace, (int) type, message);
    }

    private static MsgpackValue.Members data(MsgpackValue.Members envelope) throws BadWireException {
        return envelope.get("data").members();
    }

    private @Nullable BusMessage message() throws BadWireException {
        return switch (type) {
            case MessageType.BROADCAST, MessageType.NODE_ONLY + MessageType.BROADCAST -> broadcast();
            case MessageType.FETCH_SOCKETS, MessageType.NODE_ONLY + MessageType.FETCH_SOCKETS ->
                new BusMessage.Fetch(id(), target(options()));
            case MessageType.FETCH_SOCKETS_RESPONSE -> new BusMessage.Fetched(id(), SocketViews.readAll(data, from));
            case MessageType.SERVER_SIDE_EMIT ->
                new BusMessage.ServerEvent(
                        data.find("requestId") == null ? null : id(),
                        data.get("packet").event(),
                        terms());
            case MessageType.SERVER_SIDE_EMIT_RESPONSE -> new BusMessage.ServerReply(id(), answer());
            case MessageType.BROADCAST_CLIENT_COUNT -> asked();
            case MessageType.BROADCAST_ACK -> new BusMessage.Answered(id(), session(), answer());
            case MessageType.BROADCAST_LOST -> new BusMessage.Answered(id(), session(), null);
            case MessageType.TAKEN_OVER ->
                new BusMessage.TakenOver(
                        data.get("sid").identifier(), data.get("fence").integer());
            default -> null;
        };
    }

    private EventTerms terms() throws BadWireException {
        MsgpackValue terms = data.find(TermsCodec.NAME);
        return terms == null ? EventTerms.NONE : TermsCodec.read(terms);
    }

    private String id() throws BadWireException {
        return data.get("requestId").text();
    }

    private @Nullable String session() throws BadWireException {
        MsgpackValue session = data.find("sid");
        return session == null ? null : session.identifier();
    }

    /** Upstream sends the first argument; without one nil, or in a hurry nothing. */
    private EventData answer() throws BadWireException {
        MsgpackValue all = data.find("arguments");
        if (all != null) {
            return all.arguments();
        }
        MsgpackValue answer = data.byName().get("packet");
        return answer == null ? new EventData(new byte[] {'[', ']'}, List.of()) : answer.argument();
    }

    private BroadcastOptions options() throws BadWireException {
        return BroadcastOptions.read(data.get("opts"));
    }

    private Target target(BroadcastOptions options) throws BadWireException {
        return options.target(type > MessageType.NODE_ONLY ? data.get("node").text() : null);
    }

    private BusMessage broadcast() throws BadWireException {
        BroadcastOptions options = options();
        Target target = target(options);
        MsgpackValue.Members packet = data.get("packet").members();
        EventData event = packet.get("data").event();
        if (data.find("requestId") != null) {
            Duration timeout = options.timeout();
            return new BusMessage.Ask(id(), target, event, timeout == null ? DEFAULT_TIMEOUT : timeout);
        }
        MsgpackValue key = data.find("coalesce");
        return new BusMessage.Volatile(target, event, key == null ? null : key.text());
    }

    private BusMessage asked() throws BadWireException {
        long count = data.get("clientCount").integer();
        MsgpackValue sids = data.find("sids");
        Set<String> sessions = sids == null ? Set.of() : sids.names();
        if (count < 0 || count > MAX_CLIENTS || sessions.size() > count) {
            throw new BadWireException("a number of clients that cannot be");
        }
        return new BusMessage.Asked(id(), (int) count, sessions);
    }
}
