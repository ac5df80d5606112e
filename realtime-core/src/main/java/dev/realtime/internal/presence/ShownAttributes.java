package dev.realtime.internal.presence;

import dev.realtime.Attribute;
import dev.realtime.RoomKey;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.SessionPresence;
import dev.realtime.presence.Status;
import dev.realtime.presence.UserPresence;
import dev.realtime.spi.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What sessions show of themselves: as JSON on its way to others, as values for the application. */
final class ShownAttributes {
    private final PresenceOptions options;
    private final JsonCodec codec;

    ShownAttributes(PresenceOptions options, JsonCodec codec) {
        this.options = options;
        this.codec = codec;
    }

    /** A JSON object; empty if there is nothing to show, or too much. */
    String of(LocalSession session) {
        if (options.shown().isEmpty()) {
            return "";
        }
        Map<String, String> recorded = session.recordedAttributes();
        List<String> members = new ArrayList<>();
        for (Attribute<?> attribute : options.shown()) {
            String value = recorded.get(attribute.name());
            if (value != null) {
                members.add(PresenceJson.quoted(attribute.name()) + ":" + value);
            }
        }
        String shown = members.isEmpty() ? "" : "{" + String.join(",", members) + "}";
        return shown.getBytes(StandardCharsets.UTF_8).length > options.maxShownBytes() ? "" : shown;
    }

    UserPresence user(String user, List<Known> sessions) {
        Status status = Status.DISCONNECTED;
        long since = 0;
        List<SessionPresence> views = new ArrayList<>();
        for (Known known : sessions) {
            SessionStatement session = known.statement();
            if (session.status().compareTo(status) < 0) {
                status = session.status();
                since = session.awaySince();
            } else if (session.status() == status) {
                since = Math.max(since, session.awaySince());
            }
            views.add(new View(session, known.node()));
        }
        return new UserPresence(user, status, instant(since), views);
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private final class View implements SessionPresence {
        private final SessionStatement session;
        private final String node;

        View(SessionStatement session, String node) {
            this.session = session;
            this.node = node;
        }

        @Override
        public String id() {
            return session.id();
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public Status status() {
            return session.status();
        }

        @Override
        public Optional<Instant> awaySince() {
            return instant(session.awaySince());
        }

        @Override
        public Set<RoomKey> rooms() {
            return NamedRooms.keys(session.rooms());
        }

        @Override
        public <T> Optional<T> get(Attribute<T> attribute) {
            Objects.requireNonNull(attribute, "attribute");
            String value = session.shown().isEmpty() ? null : members().get(attribute.name());
            return value == null ? Optional.empty() : Optional.ofNullable(decoded(attribute, value));
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the codec was asked for this type
        private <T> T decoded(Attribute<T> attribute, String json) {
            try {
                return (T) Objects.requireNonNull(codec.decodeOwn(json, attribute.type()));
            } catch (JsonCodec.DecodeException e) {
                throw new IllegalStateException(
                        "attribute '" + attribute.name() + "' is not of " + attribute.type(), e);
            }
        }

        private Map<String, String> members() {
            return JsonMembers.of(session.shown(), new TreeMap<>());
        }

        @Override
        public String toString() {
            return "session " + session.id() + " on " + node + ", "
                    + session.status().word();
        }
    }
}
