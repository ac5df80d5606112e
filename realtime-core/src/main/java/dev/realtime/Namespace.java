package dev.realtime;

import dev.realtime.mail.Mail;
import dev.realtime.presence.Presence;
import dev.realtime.schedule.Schedule;
import dev.realtime.state.State;
import dev.realtime.state.States;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A named channel; as an audience it means everybody in it. */
public interface Namespace extends Audience {

    String name();

    /** Returns the engine that it is a namespace of: the way from a session to other namespaces, to the clock and the timer. */
    Realtime realtime();

    @Override
    Room room(RoomKey room);

    @Override
    default Room room(String room) {
        return room(RoomKey.parse(Objects.requireNonNull(room, "room")));
    }

    /**
     * Returns who is there, as this node knows it.
     *
     * @throws IllegalStateException if presence is not switched on here, see {@link NamespaceSetup#presence}
     */
    Presence presence();

    /**
     * Returns what is to be emitted later.
     *
     * @throws IllegalStateException if the schedule is not switched on here, see {@link NamespaceSetup#schedule}
     */
    Schedule schedule();

    /**
     * Returns the mailboxes of users.
     *
     * @throws IllegalStateException if mail is not switched on here, see {@link NamespaceSetup#mail}
     */
    Mail mail();

    /**
     * Returns the shared states of a contract.
     *
     * @throws IllegalStateException if the contract is not declared here, see {@link NamespaceSetup#state}
     */
    <T> States<T> state(State<T> contract);

    /**
     * Whether a user has a connected session on any node. Where {@linkplain NamespaceSetup#presence presence} is on, no other node is asked, and a session that waits for its
     * client counts as well.
     *
     * @return {@link Online#UNKNOWN} when no node knows of one and not all have answered
     */
    default CompletionStage<Online> online(String userId) {
        return user(userId).fetch().thenApply(Online::of);
    }

    /** To the application on all other nodes that serve this namespace ({@code serverSideEmit}); may be lost. */
    <T> void serverEmit(Event<T> event, T payload);

    /** Asks the application on all other nodes that serve this namespace. Never fails for lack of answers. */
    <T, R> CompletionStage<ServerReplies<R>> serverRequest(Request<T, R> request, T payload, Duration timeout);

    /** A live or suspended session of this node. */
    Optional<Session> find(String sessionId);

    /** Returns the rooms that sessions of this node are in, live or suspended, at this moment; rooms of users ({@code user:…}) are among them. */
    Set<RoomKey> rooms();

    /** The sessions of this node, live or suspended, at this moment. */
    List<Session> sessions();
}
