package dev.realtime;

import dev.realtime.schedule.ScheduledEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * An immutable selection of sessions in one namespace, on all nodes, and what can be done to them. It begins with everybody in a {@link Namespace} or a
 * {@link Room}, and every method that narrows returns a new one:
 *
 * <pre>{@code
 * Namespace game = realtime.namespace("/");
 *
 * // everybody, a room, two rooms and each session once
 * game.emit(NEWS, text);
 * game.room("zone:tavern").emit(SAID, text);
 * game.room("zone:tavern").room("zone:cellar").emit(SAID, text);
 *
 * // a room but one session, all sessions of a user, what may be lost
 * game.room("zone:tavern").except(session).emit(SAID, text);
 * game.user("u7").emit(MAIL, text);
 * game.room("zone:tavern").asVolatile().coalesce("p7").emit(AT, text);
 * }</pre>
 *
 * <h2>Who is meant</h2>
 *
 * <p>Nothing is evaluated while an audience is put together. An operation takes a place in the namespace's log, and whoever belongs to the audience at that
 * place is meant, on every node. So it can be kept in a constant, and two operations of one thread find the sessions as the first has left them:
 *
 * <pre>{@code
 * game.room("team:red").join(RoomKey.parse("match:7"));
 * game.room("match:7").emit(START, text); // the red team gets it
 * }</pre>
 *
 * <h2>Questions</h2>
 *
 * <p>{@link #request} asks all that are connected and collects what they answer until the time is over; {@link #fetch} says who is there. Neither fails for
 * lack of answers: what is missing is in the result.
 *
 * <h2>Threads and errors</h2>
 *
 * <p>Thread-safe; nothing blocks. A payload without a JSON form and a bad name are thrown at once; a stage fails for what the backend does alone.
 */
public interface Audience extends Broadcast {

    @Override
    Audience room(RoomKey room);

    @Override
    default Audience room(String room) {
        return room(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    @Override
    default Audience user(String userId) {
        return room(RoomKind.USER.of(Objects.requireNonNull(userId, "userId")));
    }

    @Override
    Audience session(String sessionId);

    @Override
    Audience except(RoomKey room);

    @Override
    default Audience except(String room) {
        return except(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Leaves a session out. */
    default Audience except(Session session) {
        return exceptSession(Objects.requireNonNull(session, "session").id());
    }

    @Override
    Audience exceptSession(String sessionId);

    @Override
    Audience header(String name, String value);

    /**
     * Says whose user the events of this selection are from, for their {@linkplain Event#envelope envelopes}, and for whom what is emitted later counts. What is emitted through
     * {@link Session#room} is from that session's user by itself, everything else from nobody.
     */
    Audience from(Session sender);

    /** Narrows the selection to sessions of this node. */
    Audience local();

    /**
     * Emits a reliable event: every member gets it once and in order, also members that are suspended and return in time.
     *
     * <p>The place in the log decides who gets it. With a backend that several nodes share the event has its place when the stage completes:
     * who joins or leaves before that may be before or behind it.
     *
     * @return completes with the place in the log once the log holds the event; exceptionally if it could not be stored. A failure that nobody looks at
     *     within five seconds is logged and counted as {@code failures.unseen}. What is made to depend on it runs where handlers run; what depends on {@code allOf} or
     *     {@code anyOf} of such stages runs on a thread of the backend, and must not block
     * @throws IllegalArgumentException if the payload has no JSON form that clients can read, or is larger than {@link dev.realtime.limits.Limits#maxEventSize()}, or the event
     *     {@linkplain Event#persistOffline persists} and this is another audience than users
     */
    @Override
    <T> CompletionStage<Position> emit(Event<T> event, T payload);

    /**
     * Emits a reliable event later, once, even if this node is gone by then. Who belongs to the audience when it is emitted gets it; what it says is encoded now.
     * Two that are the same are two.
     *
     * @param delay from now, by the clock of the backend; at most {@link dev.realtime.schedule.ScheduleOptions#longestDelay()}
     * <p>What is {@linkplain #from from} a session counts for its user, and is refused where too much of the user waits already.
     *
     * @return completes when the backend has it. Fails with {@link dev.realtime.schedule.ScheduleFullException} if there is no room, with {@link
     *     EventRefusedException} ({@link ErrorCode#TOO_MANY_SCHEDULED}) if there is none for this user ({@link
     *     dev.realtime.schedule.ScheduleOptions#maxEventsPerUser()}); if the backend did not answer, it may be emitted or not
     * @throws IllegalStateException if the schedule of the namespace is not switched on, see {@link NamespaceSetup#schedule}
     * @throws IllegalArgumentException if the delay is negative or too long, the audience is {@linkplain #local() one of this node alone}, or for what {@link #emit} refuses
     */
    <T> CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<T> event, T payload);

    /** Emits a reliable event without arguments later, as {@link #emitAfter(Duration, Event, Object)} does. */
    CompletionStage<ScheduledEvent> emitAfter(Duration delay, Event<Void> event);

    /**
     * Emits a reliable event at a time, as {@link #emitAfter(Duration, Event, Object)} does.
     *
     * @param time by the clock of this node, which is looked at once, now; one that is past means at once
     */
    <T> CompletionStage<ScheduledEvent> emitAt(Instant time, Event<T> event, T payload);

    /** Emits a reliable event without arguments at a time, as {@link #emitAt(Instant, Event, Object)} does. */
    CompletionStage<ScheduledEvent> emitAt(Instant time, Event<Void> event);

    /**
     * Asks everybody, on all nodes, and collects the answers. Only connected sessions are asked. Never fails for lack of answers: who did
     * not answer is in {@link Replies#missing()}, and nodes that did not are in {@link Replies#missingNodes()}.
     */
    <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout);

    /** Who is selected now, on all nodes. Completes after at most five seconds; nodes that did not answer are counted. */
    CompletionStage<Fetched> fetch();
}
