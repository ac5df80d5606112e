package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Position;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.schedule.ScheduledEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** A namespace as an audience: what is done to it is done to everybody in it. */
interface WholeNamespace extends Namespace {

    /** All sessions of the namespace, on all nodes. */
    Audience everybody();

    @Override
    default Audience session(String sessionId) {
        return everybody().session(sessionId);
    }

    @Override
    default Audience except(RoomKey room) {
        return everybody().except(room);
    }

    @Override
    default Audience exceptSession(String sessionId) {
        return everybody().exceptSession(sessionId);
    }

    @Override
    default Audience header(String name, String value) {
        return everybody().header(name, value);
    }

    @Override
    default Audience from(Session sender) {
        return everybody().from(sender);
    }

    @Override
    default Audience local() {
        return everybody().local();
    }

    @Override
    default VolatileAudience asVolatile() {
        return everybody().asVolatile();
    }

    @Override
    default <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        return everybody().emit(event, payload);
    }

    @Override
    default CompletionStage<Position> emit(Event<Void> event) {
        return everybody().emit(event);
    }

    @Override
    default <T> CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<T> event, T payload) {
        return everybody().emitAfter(delay, event, payload);
    }

    @Override
    default CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<Void> event) {
        return everybody().emitAfter(delay, event);
    }

    @Override
    default <T> CompletionStage<ScheduledEvent> emitAt(Instant time, Event<T> event, T payload) {
        return everybody().emitAt(time, event, payload);
    }

    @Override
    default CompletionStage<ScheduledEvent> emitAt(Instant time, Event<Void> event) {
        return everybody().emitAt(time, event);
    }

    @Override
    default <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout) {
        return everybody().request(request, payload, timeout);
    }

    @Override
    default CompletionStage<Fetched> fetch() {
        return everybody().fetch();
    }

    @Override
    default CompletionStage<Position> join(RoomKey... rooms) {
        return everybody().join(rooms);
    }

    @Override
    default CompletionStage<Position> leave(RoomKey... rooms) {
        return everybody().leave(rooms);
    }

    @Override
    default CompletionStage<Position> disconnect(boolean closeConnection) {
        return everybody().disconnect(closeConnection);
    }
}
