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
 * One client in one namespace. It survives its connection for the recovery window: {@link #isConnected()} is then false, reliable events
 * are kept for it, and the same object goes on when the client returns. Thread-safe; nothing blocks.
 */
public interface Session {

    /** The public id ({@code socket.id} in the client). */
    String id();

    Namespace namespace();

    Principal principal();

    /** Whether the client is there now. False while suspended and after the end. */
    boolean isConnected();

    /** Whether the session has ended for good. */
    boolean isClosed();

    /** The address of the client's current or last connection. */
    String remoteAddress();

    /** {@code websocket} or {@code polling}; empty while suspended. */
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

    /** The rooms this session is in; when it has ended, those that it was in at its end, so that who is left there can be told. */
    Set<RoomKey> rooms();

    /**
     * Enters a room, effective at once: the session gets what is emitted to the room from here on. Harmless if it is in already, and
     * after the end of the session.
     *
     * @throws IllegalStateException when the session would be in more than {@link Limits#maxRooms()}
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

    /** Leaves one room and enters another at one place of the log: no event finds the session in both or in neither. */
    Room move(RoomKey from, RoomKey to);

    /** @see #move(RoomKey, RoomKey) */
    default Room move(String from, String to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        return move(RoomKey.parse(from), RoomKey.parse(to));
    }

    /** Everybody in the room, this session included if it is a member. */
    Room room(RoomKey room);

    /** @see #room(RoomKey) */
    default Room room(String room) {
        return room(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Everybody in the room but this session ({@code socket.to(room)}). */
    default Audience others(RoomKey room) {
        return room(room).except(this);
    }

    /** @see #others(RoomKey) */
    default Audience others(String room) {
        return others(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Emits a reliable event to this session alone. */
    <T> CompletionStage<Position> emit(Event<T> event, T payload);

    /** Emits a reliable event without arguments to this session alone. */
    CompletionStage<Position> emit(Event<Void> event);

    /** For events to this session that may be lost. */
    VolatileAudience asVolatile();

    /**
     * Asks the client.
     *
     * @return the answer; exceptionally {@link RequestFailedException} when it does not come in time, the connection is lost, or the answer does
     *     not fit. Completes on the engine's executor.
     */
    <T, R> CompletionStage<R> request(Request<T, R> request, T payload, Duration timeout);

    /** The value of an attribute, or null. */
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
