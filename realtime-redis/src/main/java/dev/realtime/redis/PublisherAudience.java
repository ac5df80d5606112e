package dev.realtime.redis;

import dev.realtime.Broadcast;
import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.VolatileAudience;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Ids;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a {@link RealtimePublisher} can do to a selection of sessions. */
class PublisherAudience implements Broadcast {
    private final RealtimePublisher publisher;
    private final String namespace;
    private final Target target;
    private final Map<String, String> headers;
    private final @Nullable OnceEffects once;

    PublisherAudience(RealtimePublisher publisher, String namespace, Target target, Map<String, String> headers) {
        this(publisher, namespace, target, headers, null);
    }

    /** @param once gives what is done to them an id, under which it is done once in the cluster; null for what is simply done */
    PublisherAudience(
            RealtimePublisher publisher,
            String namespace,
            Target target,
            Map<String, String> headers,
            @Nullable OnceEffects once) {
        this.publisher = publisher;
        this.namespace = namespace;
        this.target = target;
        this.headers = headers;
        this.once = once;
    }

    private PublisherAudience including(String room) {
        return new PublisherAudience(
                publisher, namespace, new Target(plus(target.rooms(), room), target.except(), null), headers, once);
    }

    private PublisherAudience excluding(String room) {
        return new PublisherAudience(
                publisher, namespace, new Target(target.rooms(), plus(target.except(), room), null), headers, once);
    }

    private static Set<String> plus(Set<String> rooms, String room) {
        Set<String> more = new LinkedHashSet<>(rooms);
        more.add(room);
        return more;
    }

    @Override
    public Broadcast room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return including(room.toString());
    }

    @Override
    public Broadcast session(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return including(Ids.sessionId(sessionId));
    }

    @Override
    public Broadcast except(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return excluding(room.toString());
    }

    @Override
    public Broadcast exceptSession(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return excluding(Ids.sessionId(sessionId));
    }

    @Override
    public Broadcast header(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new PublisherAudience(publisher, namespace, target, more, once);
    }

    @Override
    public VolatileAudience asVolatile() {
        if (once != null) {
            throw new UnsupportedOperationException(
                    "events that may be lost have no place in the log, so nobody could tell them from those of the"
                            + " other nodes");
        }
        return new VolatileEvents(null);
    }

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return append(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        Objects.requireNonNull(event, "event");
        return append(event, null);
    }

    private <T> CompletionStage<Position> append(Event<T> event, @Nullable T payload) {
        return append(
                "emit " + event.name(),
                event.name(),
                new LogEntry.Emit(target, encoded(event, payload), EventTerms.of(event.contract(), headers)));
    }

    /** @throws IllegalArgumentException if the event persists: only a node keeps it */
    private <T> EventData encoded(Event<T> event, @Nullable T payload) {
        if (event.contract().mail().isPresent()) {
            throw new IllegalArgumentException(
                    "event '" + event + "' persists, and can be emitted by a node alone, which has the mailboxes");
        }
        return publisher.encoder().encode(event, payload);
    }

    @Override
    public CompletionStage<Position> join(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return append("join", "join", new LogEntry.Join(target, names(rooms)));
    }

    @Override
    public CompletionStage<Position> leave(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return append("leave", "leave", new LogEntry.Leave(target, names(rooms)));
    }

    @Override
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return append("disconnect", "disconnect", new LogEntry.Disconnect(target, closeConnection));
    }

    /** @param kind of an effect, among those of one message in a namespace */
    private CompletionStage<Position> append(String kind, String what, LogEntry entry) {
        return once == null
                ? publisher.append(what, namespace, entry)
                : publisher.appendOnce(what, namespace, entry, once.next(namespace, kind));
    }

    private static Set<String> names(RoomKey... rooms) {
        Set<String> names = new LinkedHashSet<>();
        for (RoomKey room : rooms) {
            names.add(room.toString());
        }
        return names;
    }

    /** Events that may be lost. */
    private final class VolatileEvents implements VolatileAudience {
        private final @Nullable String key;

        VolatileEvents(@Nullable String key) {
            this.key = key;
        }

        @Override
        public VolatileAudience coalesce(String newKey) {
            Objects.requireNonNull(newKey, "newKey");
            return new VolatileEvents(newKey);
        }

        @Override
        public <T> void emit(Event<T> event, T payload) {
            Objects.requireNonNull(event, "event");
            say(event, payload);
        }

        @Override
        public void emit(Event<Void> event) {
            Objects.requireNonNull(event, "event");
            say(event, null);
        }

        private <T> void say(Event<T> event, @Nullable T payload) {
            EventData data = encoded(event, payload);
            publisher.say(namespace, new BusMessage.Volatile(target, data, key));
        }
    }
}
