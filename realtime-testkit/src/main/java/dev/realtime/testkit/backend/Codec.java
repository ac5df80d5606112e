package dev.realtime.testkit.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.HandshakeView;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Home;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What travels to the backend, as bytes. Equal values have equal bytes, so that one seed has one trace. */
final class Codec {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> CLAIMS = new TypeReference<>() {};

    private Codec() {}

    // ---- log

    static byte[] write(LogEntry entry) {
        ByteWriter out = new ByteWriter();
        if (entry instanceof LogEntry.Emit emit) {
            out.number(0);
            target(out, emit.target());
            event(out, emit.event());
        } else if (entry instanceof LogEntry.Join join) {
            out.number(1);
            target(out, join.target());
            out.strings(join.rooms());
        } else if (entry instanceof LogEntry.Leave leave) {
            out.number(2);
            target(out, leave.target());
            out.strings(leave.rooms());
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            out.number(3);
            target(out, disconnect.target());
            out.flag(disconnect.closeConnection());
        }
        return out.bytes();
    }

    static LogEntry entry(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        long kind = in.number();
        Target target = target(in);
        if (kind == 0) {
            return new LogEntry.Emit(target, event(in));
        } else if (kind == 1) {
            return new LogEntry.Join(target, in.strings());
        } else if (kind == 2) {
            return new LogEntry.Leave(target, in.strings());
        }
        return new LogEntry.Disconnect(target, in.flag());
    }

    private static void target(ByteWriter out, Target target) {
        out.strings(target.rooms());
        out.strings(target.except());
        out.optional(target.node());
    }

    private static Target target(ByteReader in) {
        return new Target(in.strings(), in.strings(), in.optional());
    }

    private static void event(ByteWriter out, EventData event) {
        out.array(event.json());
        out.number(event.attachments().size());
        event.attachments().forEach(out::array);
    }

    private static EventData event(ByteReader in) {
        byte[] json = in.array();
        List<byte[]> attachments = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            attachments.add(in.array());
        }
        return new EventData(json, List.copyOf(attachments));
    }

    // ---- sessions

    static byte[] write(SessionRecord session) {
        ByteWriter out = new ByteWriter();
        out.text(session.privateId());
        out.text(session.sessionId());
        out.text(session.namespace());
        Principal principal = session.principal();
        out.flag(principal != null);
        if (principal != null) {
            principal(out, principal);
        }
        texts(out, session.attributes());
        home(out, session.home());
        out.text(session.epoch());
        position(out, session.start());
        position(out, session.confirmed());
        out.number(session.memberships().size());
        for (RoomMembership membership : session.memberships()) {
            out.text(membership.room());
            position(out, membership.joined());
            Position left = membership.left();
            out.flag(left != null);
            if (left != null) {
                position(out, left);
            }
        }
        position(out, session.exactFrom());
        return out.bytes();
    }

    static SessionRecord session(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        String privateId = in.text();
        String sessionId = in.text();
        String namespace = in.text();
        Principal principal = in.flag() ? principal(in) : null;
        Map<String, String> attributes = texts(in);
        Home home = home(in);
        String epoch = in.text();
        Position start = position(in);
        Position confirmed = position(in);
        List<RoomMembership> memberships = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            memberships.add(new RoomMembership(in.text(), position(in), in.flag() ? position(in) : null));
        }
        return SessionRecord.of(privateId, sessionId, namespace, home)
                .principal(principal)
                .attributes(attributes)
                .epoch(epoch)
                .start(start)
                .confirmed(confirmed)
                .memberships(memberships)
                .exactFrom(position(in));
    }

    private static void home(ByteWriter out, Home home) {
        out.text(home.node());
        out.number(home.since());
        out.number(home.fence());
    }

    private static Home home(ByteReader in) {
        return new Home(in.text(), in.number(), in.number());
    }

    private static void principal(ByteWriter out, Principal principal) {
        out.text(principal.id());
        out.strings(principal.roles());
        out.strings(principal.permissions());
        try {
            out.text(principal.claims().isEmpty() ? "" : JSON.writeValueAsString(new TreeMap<>(principal.claims())));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the claims of a principal are JSON values", e);
        }
        Instant expires = principal.expiresAt().orElse(null);
        out.optional(expires == null ? null : expires.toString());
        out.flag(principal.anonymous());
    }

    private static Principal principal(ByteReader in) {
        String id = in.text();
        Set<String> roles = in.strings();
        Set<String> permissions = in.strings();
        String claims = in.text();
        String expires = in.optional();
        try {
            Principal principal = (in.flag() ? Principal.anonymous(id) : Principal.of(id))
                    .roles(roles)
                    .permissions(permissions)
                    .claims(claims.isEmpty() ? Map.of() : JSON.readValue(claims, CLAIMS));
            return expires == null ? principal : principal.expiresAt(Instant.parse(expires));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the claims of a principal", e);
        }
    }

    private static void texts(ByteWriter out, Map<String, String> texts) {
        out.number(texts.size());
        new TreeMap<>(texts).forEach((name, value) -> {
            out.text(name);
            out.text(value);
        });
    }

    private static Map<String, String> texts(ByteReader in) {
        Map<String, String> texts = new TreeMap<>();
        for (long left = in.number(); left > 0; left--) {
            texts.put(in.text(), in.text());
        }
        return Collections.unmodifiableMap(texts);
    }

    private static void position(ByteWriter out, Position position) {
        out.number(position.time());
        out.number(position.sequence());
    }

    private static Position position(ByteReader in) {
        return new Position(in.number(), in.number());
    }

    // ---- bus

    static byte[] write(BusMessage message) {
        ByteWriter out = new ByteWriter();
        if (message instanceof BusMessage.Volatile emit) {
            out.number(0);
            target(out, emit.target());
            event(out, emit.event());
            out.optional(emit.coalesceKey());
        } else if (message instanceof BusMessage.Ask ask) {
            out.number(1);
            out.text(ask.id());
            target(out, ask.target());
            event(out, ask.request());
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
                event(out, answer);
            }
        } else if (message instanceof BusMessage.Fetch fetch) {
            out.number(4);
            out.text(fetch.id());
            target(out, fetch.target());
        } else if (message instanceof BusMessage.Fetched fetched) {
            out.number(5);
            out.text(fetched.id());
            out.number(fetched.sessions().size());
            fetched.sessions().forEach(view -> view(out, view));
        } else if (message instanceof BusMessage.ServerEvent event) {
            out.number(6);
            out.optional(event.id());
            event(out, event.event());
        } else if (message instanceof BusMessage.ServerReply reply) {
            out.number(7);
            out.text(reply.id());
            event(out, reply.answer());
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
            case 0 -> new BusMessage.Volatile(target(in), event(in), in.optional());
            case 1 -> new BusMessage.Ask(in.text(), target(in), event(in), Duration.ofNanos(in.number()));
            case 2 -> new BusMessage.Asked(in.text(), (int) in.number(), in.strings());
            case 3 -> new BusMessage.Answered(in.text(), in.optional(), in.flag() ? event(in) : null);
            case 4 -> new BusMessage.Fetch(in.text(), target(in));
            case 5 -> new BusMessage.Fetched(in.text(), views(in));
            case 6 -> new BusMessage.ServerEvent(in.optional(), event(in));
            case 7 -> new BusMessage.ServerReply(in.text(), event(in));
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
        principal(out, view.principal());
        out.strings(view.rooms().stream().map(RoomKey::toString).toList());
        texts(out, view.attributes());
        out.flag(view.connected());
        HandshakeView handshake = view.handshake().orElse(null);
        out.flag(handshake != null);
        if (handshake != null) {
            out.number(handshake.at().toEpochMilli());
            out.text(handshake.address());
            out.flag(handshake.secure());
            out.text(handshake.path());
            texts(out, handshake.query());
            texts(out, handshake.headers());
        }
    }

    private static SessionView view(ByteReader in) {
        String id = in.text();
        String node = in.text();
        Principal principal = principal(in);
        Set<RoomKey> rooms = new LinkedHashSet<>();
        in.strings().forEach(room -> rooms.add(RoomKey.plain(room)));
        return SessionView.of(
                id,
                node,
                principal,
                Collections.unmodifiableSet(rooms),
                texts(in),
                in.flag(),
                in.flag() ? handshake(in) : null);
    }

    private static HandshakeView handshake(ByteReader in) {
        return new HandshakeView(
                Instant.ofEpochMilli(in.number()), in.text(), in.flag(), in.text(), texts(in), texts(in));
    }
}
