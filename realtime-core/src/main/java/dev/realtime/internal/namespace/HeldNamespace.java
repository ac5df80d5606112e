package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.spi.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A namespace of a family as the application holds it, for as long as it likes: the namespace itself may end and begin again with its
 * clients, and is open whenever something is done with it.
 */
final class HeldNamespace implements Namespace {
    private final String name;
    private final Supplier<LocalNamespace> current;

    HeldNamespace(String name, Supplier<LocalNamespace> current) {
        this.name = name;
        this.current = current;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public <T> void serverEmit(Event<T> event, T payload) {
        current.get().serverEmit(event, payload);
    }

    @Override
    public <T, R> CompletionStage<ServerReplies<R>> serverRequest(Request<T, R> request, T payload, Duration timeout) {
        return current.get().serverRequest(request, payload, timeout);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return current.get().find(sessionId);
    }

    @Override
    public List<Session> sessions() {
        return current.get().sessions();
    }

    @Override
    public Room room(RoomKey room) {
        return current.get().room(room);
    }

    @Override
    public Audience session(String sessionId) {
        return current.get().session(sessionId);
    }

    @Override
    public Audience except(RoomKey room) {
        return current.get().except(room);
    }

    @Override
    public Audience exceptSession(String sessionId) {
        return current.get().exceptSession(sessionId);
    }

    @Override
    public Audience local() {
        return current.get().local();
    }

    @Override
    public VolatileAudience asVolatile() {
        return current.get().asVolatile();
    }

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        return current.get().emit(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        return current.get().emit(event);
    }

    @Override
    public <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout) {
        return current.get().request(request, payload, timeout);
    }

    @Override
    public CompletionStage<Fetched> fetch() {
        return current.get().fetch();
    }

    @Override
    public CompletionStage<Position> join(RoomKey... rooms) {
        return current.get().join(rooms);
    }

    @Override
    public CompletionStage<Position> leave(RoomKey... rooms) {
        return current.get().leave(rooms);
    }

    @Override
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return current.get().disconnect(closeConnection);
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}
