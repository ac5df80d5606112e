package dev.realtime.testkit.backend;

import dev.realtime.HandshakeView;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The bytes of a message between nodes. Equal messages have equal bytes, so that one seed has one trace. */
final class BusMessageBytes {
    private BusMessageBytes() {}

    static byte[] write(BusMessage message) {
        ByteWriter out = new ByteWriter();
        if (message instanceof BusMessage.Volatile emit) {
            out.number(0);
            ValueBytes.target(out, emit.target());
            ValueBytes.event(out, emit.event());
            out.optional(emit.coalesceKey());
        } else if (message instanceof BusMessage.Ask ask) {
            out.number(1);
            out.text(ask.id());
            ValueBytes.target(out, ask.target());
            ValueBytes.event(out, ask.request());
            out.number(ask.timeout().toNanos());
        } else if (message instanceof BusMessage.Asked asked) {
            out.number(2);
            out.text(asked.id());
            out.number(asked.count());
            out.strings(asked.sessions());
        } else if (message instanceof BusMessage.Answered answered) {
            out.number(3);
            out.text(answered.id());
            out.optional(answered.session());
            EventData answer = answered.answer();
            out.flag(answer != null);
            if (answer != null) {
                ValueBytes.event(out, answer);
            }
        } else if (message instanceof BusMessage.Fetch fetch) {
            out.number(4);
            out.text(fetch.id());
            ValueBytes.target(out, fetch.target());
        } else if (message instanceof BusMessage.Fetched fetched) {
            out.number(5);
            out.text(fetched.id());
            out.number(fetched.sessions().size());
            fetched.sessions().forEach(view -> view(out, view));
        } else if (message instanceof BusMessage.ServerEvent event) {
            out.number(6);
            out.optional(event.id());
            ValueBytes.event(out, event.event());
            out.number(event.terms().lifeMillis());
            ValueBytes.texts(out, event.terms().headers());
        } else if (message instanceof BusMessage.ServerReply reply) {
            out.number(7);
            out.text(reply.id());
            ValueBytes.event(out, reply.answer());
        } else if (message instanceof BusMessage.TakenOver taken) {
            out.number(8);
            out.text(taken.sessionId());
            out.number(taken.fence());
        }
        return out.bytes();
    }

    static BusMessage message(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return switch ((int) in.number()) {
            case 0 -> new BusMessage.Volatile(ValueBytes.target(in), ValueBytes.event(in), in.optional());
            case 1 ->
                new BusMessage.Ask(
                        in.text(), ValueBytes.target(in), ValueBytes.event(in), Duration.ofNanos(in.number()));
            case 2 -> new BusMessage.Asked(in.text(), (int) in.number(), in.strings());
            case 3 -> new BusMessage.Answered(in.text(), in.optional(), in.flag() ? ValueBytes.event(in) : null);
            case 4 -> new BusMessage.Fetch(in.text(), ValueBytes.target(in));
            case 5 -> new BusMessage.Fetched(in.text(), views(in));
            case 6 ->
                new BusMessage.ServerEvent(
                        in.optional(), ValueBytes.event(in), new EventTerms(in.number(), ValueBytes.texts(in)));
            case 7 -> new BusMessage.ServerReply(in.text(), ValueBytes.event(in));
            default -> new BusMessage.TakenOver(in.text(), in.number());
        };
    }

    private static List<SessionView> views(ByteReader in) {
        List<SessionView> views = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            views.add(view(in));
        }
        return List.copyOf(views);
    }

    private static void view(ByteWriter out, SessionView view) {
        out.text(view.id());
        out.text(view.node());
        ValueBytes.principal(out, view.principal());
        out.strings(view.rooms().stream().map(RoomKey::toString).toList());
        ValueBytes.texts(out, view.attributes());
        out.flag(view.connected());
        HandshakeView handshake = view.handshake().orElse(null);
        out.flag(handshake != null);
        if (handshake != null) {
            out.number(handshake.at().toEpochMilli());
            out.text(handshake.address());
            out.flag(handshake.secure());
            out.text(handshake.path());
            ValueBytes.texts(out, handshake.query());
            ValueBytes.texts(out, handshake.headers());
        }
    }

    private static SessionView view(ByteReader in) {
        String id = in.text();
        String node = in.text();
        Principal principal = ValueBytes.principal(in);
        Set<RoomKey> rooms = new LinkedHashSet<>();
        in.strings().forEach(room -> rooms.add(RoomKey.plain(room)));
        return SessionView.of(
                id,
                node,
                principal,
                Collections.unmodifiableSet(rooms),
                ValueBytes.texts(in),
                in.flag(),
                in.flag() ? handshake(in) : null);
    }

    private static HandshakeView handshake(ByteReader in) {
        return new HandshakeView(
                Instant.ofEpochMilli(in.number()),
                in.text(),
                in.flag(),
                in.text(),
                ValueBytes.texts(in),
                ValueBytes.texts(in));
    }
}
