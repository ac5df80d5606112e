package dev.realtime;

import dev.realtime.limits.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace: what handlers are given, and what the application holds on to. It outlives its connection. When that is lost the session is
 * <em>suspended</em> for the recovery window ({@link Recovery#window()}), reliable events are kept for it, and when the client returns in time it is
 * <em>resumed</em>: the same object goes on here, or another one takes its place at the node to which the client has come. Otherwise it is <em>closed</em>.
 *
 * <pre>{@code
 * static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
 *
 * private final Set<String> away = new ConcurrentSkipListSet<>();
 *
 * void handlers(NamespaceSetup game) {
 *     game.onConnect(session -> {
 *             session.set(TEAM, "red");
 *             session.join("team:red");
 *             session.others("team:red").emit(JOINED, new Player(session.principal().id()));
 *         })
 *         .on(SAY, (session, chat) -> session.room("team:" + session.get(TEAM)).emit(SAID, chat))
 *         .onSuspend((session, reason) -> away.add(session.id()))
 *         .onResume(session -> away.remove(session.id()));
 * }
 * }</pre>
 *
 * <h2>What reaches the client, and in which order</h2>
 *
 * <p>What is {@linkplain #emit emitted} arrives once and in order, even if the connection breaks in between. A handler's own order holds: what it emits to its
 * session, its acknowledgement, and a {@link #disconnect()} arrive one behind the other. {@link #asVolatile() Volatile} events are for what is worth nothing
 * a moment later.
 *
 * <h2>Rooms</h2>
 *
 * <p>{@link #join}, {@link #leave} and {@link #move} take effect at their place among the events: nothing that was emitted before a join arrives, and all that
 * was emitted before a leave does. The session takes its rooms and its recorded attributes with it when it is resumed, at whatever node.
 *
 * <h2>Asking the client</h2>
 *
 * <pre>{@code
 * session.request(READY, new Ready(1), Duration.ofSeconds(10)).whenComplete((ready, failure) -> {
 *     if (failure != null) {
 *         session.disconnect();
 *     }
 * });
 * }</pre>
 *
 * <h2>Threads and errors</h2>
 *
 * <p>Thread-safe; nothing blocks. After its end a session may still be used: it emits to nobody, joins nothing, and says so with {@link #isClosed()}. What has
 * no JSON form is thrown at once; only what the backend does is in the stages.
 */
public interface Session {

    /** Returns the public id ({@code socket.id} in the client). */
    String id();

    /** Returns the namespace that it is in, which leads to the {@linkplain Namespace#realtime() engine}. */
    Namespace namespace();

    /** Returns who the client is, by its latest credentials. */
    Principal principal();

    /** Returns whether the client is there now. False while suspended and after the end. */
    boolean isConnected();

    /** Returns whether the session has ended for good. */
    boolean isClosed();

    /** Returns the address of the client's current or last connection. */
    String remoteAddress();

    /** Returns {@code websocket} or {@code polling}; empty while suspended. */
    Optional<String> transport();

    /**
     * Returns how the client has connected: query, headers, {@code auth}, address and time of its present connection. A resume brings a new one, and until
     * then there is none: it is empty while the session is suspended, and after its end. An {@code auth} payload of more than
     * {@value Handshake#MAX_KEPT_AUTH} bytes is not kept.
     */
    Optional<Handshake> handshake();

    /** Returns the {@code User-Agent} of the client's present connection; empty while the session is suspended, and where the client sends none. */
    default Optional<String> userAgent() {
        return handshake().flatMap(Handshake::userAgent);
    }

    /** Returns when the client's current or last connection came to this session, by the engine's clock. */
    Instant connectedAt();

    /** Returns when the last event of the client arrived at this node; empty if none has. Acknowledgements and heartbeats are no events. */
    Optional<Instant> lastEventAt();

    /** Returns the rooms that it is in; when it has ended, those that it was in at its end, so that who is left there can be told. */
    Set<RoomKey> rooms();

    /**
     * Enters a room, effective at once: the session gets what is emitted to the room from here on. Harmless if it is in already, and
     * after the end of the session.
     *
     * @throws TooManyRoomsException if the session would be in more than {@link Limits#maxRooms()}
     * @throws EventRefusedException if a {@linkplain NamespaceSetup#joins rule} does not let it in
     */
    Room join(RoomKey room);

    /** @see #join(RoomKey) */
    default Room join(String room) {
        return join(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Leaves a room, effective at once: everything emitted to it before still arrives. */
    void leave(RoomKey room);

    /** @see #leave(RoomKey) */
    default void leave(String room) {
        leave(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /**
     * Leaves one room and enters another at one place of the log: no event finds the session in both or in neither.
     *
     * @throws TooManyRoomsException as of {@link #join(RoomKey)}
     * @throws EventRefusedException as of {@link #join(RoomKey)}; the session is where it was
     */
    Room move(RoomKey from, RoomKey to);

    /** @see #move(RoomKey, RoomKey) */
    default Room move(String from, String to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        return move(RoomKey.parse(from), RoomKey.parse(to));
    }

    /** Returns everybody in the room, this session included if it is a member. */
    Room room(RoomKey room);

    /** @see #room(RoomKey) */
    default Room room(String room) {
        return room(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Returns everybody in the room but this session ({@code socket.to(room)}). */
    default Audience others(RoomKey room) {
        return room(room).except(this);
    }

    /** @see #others(RoomKey) */
    default Audience others(String room) {
        return others(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /**
     * Emits a reliable event to this session alone.
     *
     * @return as of {@link Audience#emit(Event, Object)}
     * @throws IllegalArgumentException if the payload has no JSON form that clients can read, or is too large
     */
    <T> CompletionStage<Position> emit(Event<T> event, T payload);

    /** Emits a reliable event without arguments to this session alone. */
    CompletionStage<Position> emit(Event<Void> event);

    /** Returns the way for events to this session that may be lost. */
    VolatileAudience asVolatile();

    /**
     * Asks the client.
     *
     * @param timeout how long to wait for the answer
     * @return the answer; exceptionally {@link RequestFailedException} when it does not come in time, the connection is lost, or the answer does
     *     not fit. What depends on it runs where handlers run.
     * @throws IllegalArgumentException if the payload has no JSON form that clients can read, or is too large
     */
    <T, R> CompletionStage<R> request(Request<T, R> request, T payload, Duration timeout);

    /**
     * Returns whether the user has a permission now: by its credentials, unless something else has been {@linkplain dev.realtime.users.User#grant decided} since.
     */
    boolean may(String permission);

    /** Returns whether the user is {@linkplain dev.realtime.users.User#mute muted} now. */
    boolean isMuted();

    /**
     * Returns what names the request that is being handled, while a handler of an {@linkplain Request#idempotentBy idempotent} request is called: 43 letters, digits and
     * signs, the same at each attempt on each node, and of no other request. A handler that writes it into a database with what it does there, in one transaction and
     * with a unique index, does that once even if a node dies before the answer is kept. Empty in any other event, and when the handler has returned: one that
     * goes on elsewhere takes it along.
     */
    Optional<String> idempotencyKey();

    /** Returns the value of an attribute, or null. */
    <T> @Nullable T get(Attribute<T> attribute);

    /** Sets an attribute; null removes it. A recorded one is written with the session record. */
    <T> void set(Attribute<T> attribute, @Nullable T value);

    /**
     * Completes when the session record holds all changes made so far (rooms, attributes, principal), or the backend could not be reached;
     * exceptionally when the session has moved to another node meanwhile, which knows nothing of them.
     */
    CompletionStage<Void> recorded();

    /** Ends the session; the client does not come back by itself. What was emitted to it before still arrives, nothing behind it does. */
    default void disconnect() {
        disconnect(false);
    }

    /**
     * Ends the session.
     *
     * @param closeConnection whether the whole connection is closed, with its sessions in other namespaces
     */
    void disconnect(boolean closeConnection);
}
