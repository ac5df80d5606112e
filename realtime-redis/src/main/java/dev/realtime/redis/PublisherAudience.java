package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.VolatileAudience;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Ids;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An immutable selection of sessions in one namespace, as a {@link RealtimePublisher} sees them: the part of {@link dev.realtime.Audience} that needs
 * no answer. Every method that narrows returns a new audience. Thread-safe; nothing blocks.
 */
public sealed class PublisherAudience permits PublisherNamespace {
    private final RealtimePublisher publisher;
    private final String namespace;
    private final Target target;

    PublisherAudience(RealtimePublisher publisher, String namespace, Target target) {
        this.publisher = publisher;
        this.namespace = namespace;
        this.target = target;
    }

    private PublisherAudience including(String room) {
        return new PublisherAudience(
                publisher, namespace, new Target(plus(target.rooms(), room), target.except(), null));
    }

    private PublisherAudience excluding(String room) {
        return new PublisherAudience(
                publisher, namespace, new Target(target.rooms(), plus(target.except(), room), null));
    }

    private static Set<String> plus(Set<String> rooms, String room) {
        Set<String> more = new LinkedHashSet<>(rooms);
        more.add(room);
        return more;
    }

    /** Also the members of this room (the first room narrows from everybody to its members). */
    public PublisherAudience room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return including(room.toString());
    }

    /** @see #room(RoomKey) */
    public PublisherAudience room(String room) {
        Objects.requireNonNull(room, "room");
        return room(RoomKey.parse(room));
    }

    /** Also all sessions of this user at nodes of this library; servers of another kind know no users. */
    public PublisherAudience user(String userId) {
        Objects.requireNonNull(userId, "userId");
        return room(RoomKind.USER.of(userId));
    }

    /**
     * Also this session.
     *
     * @throws IllegalArgumentException when it is no session's id, such as the name of a room
     */
    public PublisherAudience session(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return including(Ids.sessionId(sessionId));
    }

    /** But not the members of this room. */
    public PublisherAudience except(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return excluding(room.toString());
    }

    /**
     * But not this session.
     *
     * @throws IllegalArgumentException when it is no session's id
     */
    public PublisherAudience exceptSession(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return excluding(Ids.sessionId(sessionId));
    }

    /** For events that may be lost. */
    public VolatileAudience asVolatile() {
        return new VolatileEvents(null);
    }

    /**
     * Emits a reliable event, as {@link dev.realtime.Audience#emit(Event, Object)} does.
     *
     * @return completes with the event's place in the log; exceptionally, with {@link BackendUnavailableException}, when it may not have been stored
     * @throws IllegalArgumentException if the payload has no JSON form that clients can read
     */
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return append(event, payload);
    }

    /** Emits an event without arguments. */
    public CompletionStage<Position> emit(Event<Void> event) {
        Objects.requireNonNull(event, "event");
        return append(event, null);
    }

    private <T> CompletionStage<Position> append(Event<T> event, @Nullable T payload) {
        return publisher.append(
                namespace, new LogEntry.Emit(target, publisher.encoder().encode(event, payload)));
    }

    /** Makes them join; an event emitted afterwards reaches them there. */
    public CompletionStage<Position> join(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return publisher.append(namespace, new LogEntry.Join(target, names(rooms)));
    }

    /** Makes them leave. */
    public CompletionStage<Position> leave(RoomKey... rooms) {
        Objects.requireNonNull(rooms, "rooms");
        return publisher.append(namespace, new LogEntry.Leave(target, names(rooms)));
    }

    /**
     * Disconnects them; they do not come back by themselves.
     *
     * @param closeConnection whether the whole connection is closed, with its sessions in other namespaces
     */
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return publisher.append(namespace, new LogEntry.Disconnect(target, closeConnection));
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
            EventData data = publisher.encoder().encode(event, payload);
            publisher.say(namespace, new BusMessage.Volatile(target, data, key));
        }
    }
}
