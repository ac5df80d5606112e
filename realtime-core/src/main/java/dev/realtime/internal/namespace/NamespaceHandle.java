package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.mail.Mail;
import dev.realtime.presence.Presence;
import dev.realtime.schedule.Schedule;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.state.State;
import dev.realtime.state.States;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A namespace of a family as the application holds it, for as long as it likes: the namespace itself may end and begin again with its
 * clients, and is open whenever something is done with it.
 */
final class NamespaceHandle implements Namespace {
    private final Realtime realtime;
    private final String name;
    private final Supplier<LocalNamespace> current;

    NamespaceHandle(Realtime realtime, String name, Supplier<LocalNamespace> current) {
        this.realtime = realtime;
        this.name = name;
        this.current = current;
    }

    /** What fails where the namespace itself would have failed. */
    private <T> CompletionStage<T> with(Function<LocalNamespace, CompletionStage<T>> operation) {
        LocalNamespace open;
        try {
            open = current.get();
        } catch (IllegalStateException closed) {
            return CompletableFuture.failedFuture(closed);
        }
        return operation.apply(open);
    }

    @Override
    public Realtime realtime() {
        return realtime;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Presence presence() {
        return current.get().presence();
    }

    @Override
    public Schedule schedule() {
        return current.get().schedule();
    }

    @Override
    public Mail mail() {
        return current.get().mail();
    }

    @Override
    public <T> States<T> state(State<T> contract) {
        return current.get().state(Objects.requireNonNull(contract, "contract"));
    }

    @Override
    public CompletionStage<Online> online(String userId) {
        return with(open -> open.online(userId));
    }

    @Override
    public <T> void serverEmit(Event<T> event, T payload) {
        current.get().serverEmit(event, payload);
    }

    @Override
    public <T, R> CompletionStage<ServerReplies<R>> serverRequest(Request<T, R> request, T payload, Duration timeout) {
        return with(open -> open.serverRequest(request, payload, timeout));
    }

    @Override
    public Optional<Session> find(String sessionId) {
        return current.get().find(sessionId);
    }

    @Override
    public Set<RoomKey> rooms() {
        return current.get().rooms();
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
    public Audience header(String name, String value) {
        return current.get().header(name, value);
    }

    @Override
    public Audience from(Session sender) {
        return current.get().from(sender);
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
        return with(open -> open.emit(event, payload));
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        return with(open -> open.emit(event));
    }

    @Override
    public <T> CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<T> event, T payload) {
        return with(open -> open.emitAfter(delay, event, payload));
    }

    @Override
    public CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<Void> event) {
        return with(open -> open.emitAfter(delay, event));
    }

    @Override
    public <T> CompletionStage<ScheduledEvent> emitAt(Instant time, Event<T> event, T payload) {
        return with(open -> open.emitAt(time, event, payload));
    }

    @Override
    public CompletionStage<ScheduledEvent> emitAt(Instant time, Event<Void> event) {
        return with(open -> open.emitAt(time, event));
    }

    @Override
    public <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout) {
        return with(open -> open.request(request, payload, timeout));
    }

    @Override
    public CompletionStage<Fetched> fetch() {
        return with(open -> open.fetch());
    }

    @Override
    public CompletionStage<Position> join(RoomKey... rooms) {
        return with(open -> open.join(rooms));
    }

    @Override
    public CompletionStage<Position> leave(RoomKey... rooms) {
        return with(open -> open.leave(rooms));
    }

    @Override
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return with(open -> open.disconnect(closeConnection));
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}
