package dev.realtime;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * An immutable selection of sessions in one namespace, and what can be done to them without an answer. An {@link Audience} of an engine is
 * one, and so is what a process that only publishes gets from its publisher. Every method that narrows returns a new selection.
 * Thread-safe; nothing blocks.
 */
public interface Broadcast {

    /**
     * Adds the members of a room. The first room, user or session narrows the selection from everybody to those; each further one adds to
     * them.
     */
    Broadcast room(RoomKey room);

    /**
     * Adds the members of a room.
     *
     * @param room as {@code kind:name}
     * @throws InvalidRoomException if it is something else
     */
    default Broadcast room(String room) {
        return room(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /** Adds all sessions of a user. Nodes of another kind, such as Node.js servers, know no users. */
    default Broadcast user(String userId) {
        return room(RoomKind.USER.of(Objects.requireNonNull(userId, "userId")));
    }

    /**
     * Adds a session.
     *
     * @throws IllegalArgumentException if it is no session's id, such as the name of a room
     */
    Broadcast session(String sessionId);

    /** Leaves the members of a room out. */
    Broadcast except(RoomKey room);

    /**
     * Leaves the members of a room out.
     *
     * @param room as {@code kind:name}
     * @throws InvalidRoomException if it is something else
     */
    default Broadcast except(String room) {
        return except(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /**
     * Leaves a session out.
     *
     * @throws IllegalArgumentException if it is no session's id
     */
    Broadcast exceptSession(String sessionId);

    /**
     * Gives something along with the reliable events of this selection, from node to node: a correlation id, or W3C's {@code traceparent}. Clients never see
     * it and never send it; {@link NamespaceSetup#onHeaders} reads it on each node where the events are delivered. Node.js servers ignore it. By default nothing
     * goes along.
     *
     * @param name 1 to 64 characters of {@code a-z}, {@code 0-9}, {@code -} and {@code _}; takes the place of a header with the same name
     * @param value visible ASCII characters and spaces. An event has at most {@value dev.realtime.spi.EventTerms#MAX_HEADERS} headers of together
     *     {@value dev.realtime.spi.EventTerms#MAX_HEADER_LENGTH} characters; more are refused by the emit, with an {@link IllegalArgumentException}
     */
    Broadcast header(String name, String value);

    /** Returns the same selection for events that may be lost: outside the log, and dropped first when a client is slow. */
    VolatileAudience asVolatile();

    /**
     * Emits a reliable event: each of them gets it once and in order, even if it is suspended and returns in time.
     *
     * <p>The place in the log decides who gets it. With a backend that several nodes share the event has its place when the stage completes:
     * who joins or leaves before that may be before or behind it.
     *
     * @return completes with the place in the log once the log holds the event; exceptionally if it may not have been stored
     * @throws IllegalArgumentException if the payload has no JSON form that clients can read, or is too large
     */
    <T> CompletionStage<Position> emit(Event<T> event, T payload);

    /** Emits a reliable event without arguments. */
    CompletionStage<Position> emit(Event<Void> event);

    /**
     * Makes them join rooms. It is the server's own act: {@linkplain NamespaceSetup#joins rules} are not asked at this moment. Completes when the log holds
     * it: an event emitted afterwards reaches them there.
     */
    CompletionStage<Position> join(RoomKey... rooms);

    /**
     * Makes them join rooms.
     *
     * @param rooms each as {@code kind:name}
     * @throws InvalidRoomException if one is something else
     */
    default CompletionStage<Position> join(String... rooms) {
        return join(RoomKey.parseAll(rooms));
    }

    /** Makes them leave rooms. Completes when the log holds it. */
    CompletionStage<Position> leave(RoomKey... rooms);

    /**
     * Makes them leave rooms.
     *
     * @param rooms each as {@code kind:name}
     * @throws InvalidRoomException if one is something else
     */
    default CompletionStage<Position> leave(String... rooms) {
        return leave(RoomKey.parseAll(rooms));
    }

    /**
     * Disconnects them; they do not come back by themselves.
     *
     * @param closeConnection whether the whole connection is closed, with its sessions in other namespaces
     */
    CompletionStage<Position> disconnect(boolean closeConnection);
}
