package dev.realtime.presence;

import dev.realtime.Online;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Who is there in a namespace, as this node knows it: an answer, and no question to other nodes. It is the namespace's log that tells each node of
 * each change, so all know the same once they have come to the same place in it.
 *
 * <pre>{@code
 * Presence presence = realtime.namespace("/").presence();
 * int players = presence.population(ZONE.of("tavern"));
 * Online ann = presence.online("ann");
 * }</pre>
 *
 * <h2>Whoever watches</h2>
 *
 * <p>A session that {@linkplain #watch watches} a user or a room gets a snapshot, and from then on each change, in order, as events. It gets what it
 * missed when it is resumed, like any other event. Only code of the application decides who watches what.
 *
 * <pre>{@code
 * game.onConnect(session -> session.namespace().presence().watch(session, ZONE.of("tavern")));
 * }</pre>
 *
 * <p>Thread-safe; no method blocks.
 */
public interface Presence {

    /** Completes when this node knows what is to be known; see {@link #isComplete}. */
    CompletionStage<Void> ready();

    /**
     * Whether this node knows what is to be known. It does not for a moment after it has started, and after it has missed something: then it asks the
     * other nodes what they have.
     */
    boolean isComplete();

    /**
     * Whether a user has a session on any node, even if its connection was lost and it waits for its client.
     *
     * @return {@link Online#UNKNOWN} if none is known and this node is not {@linkplain #isComplete complete}
     */
    Online online(String userId);

    /** Returns a user as he is; without sessions if he is not there, or is not known to be. */
    UserPresence user(String userId);

    /** Returns how many are in a room: users, each once, and sessions of clients that nobody knows. Zero for a room of a kind that has no presence. */
    int population(RoomKey room);

    /** Returns the users in a room. */
    Set<String> users(RoomKey room);

    /** Returns all users who are online. */
    Set<String> users();

    /**
     * Says that whoever sits before a client is away. It stays so until {@link #back} is called, whatever the client does.
     *
     * @param session of this node
     */
    void away(Session session);

    /** Says that whoever sits before a client is back. */
    void back(Session session);

    /**
     * Lets a session watch a user.
     *
     * @param session of this node
     * @param userId 1 to 256 characters, as a principal's id has
     * @throws IllegalArgumentException if no user can have this id
     * @throws IllegalStateException if it watches as much as it may, see {@link PresenceOptions#maxWatched}
     */
    void watch(Session session, String userId);

    /**
     * Lets a session watch who is in a room, without being in it.
     *
     * @param session of this node
     * @param room of a {@linkplain PresenceOptions#rooms kind that has presence}
     * @throws IllegalStateException if it watches as much as it may, see {@link PresenceOptions#maxWatched}
     * @throws IllegalArgumentException if rooms of this kind have no presence
     */
    void watch(Session session, RoomKey room);

    /** Ends {@link #watch(Session, String)}. */
    void unwatch(Session session, String userId);

    /** Ends {@link #watch(Session, RoomKey)}. */
    void unwatch(Session session, RoomKey room);
}
