package dev.realtime;

import java.util.Objects;

/**
 * Looks at a client that wants to connect to a namespace, after the {@link Authenticator} has said who it is: may refuse it, and may put its session into
 * rooms. It is asked again when a client returns to its session, and when one that came without credentials shows some later: then it refuses the credentials, and the client stays nobody. May block; must be thread-safe.
 *
 * <pre>{@code
 * game.intercept((handshake, principal, entry) -> {
 *     if (!principal.may("beta")) {
 *         throw new ConnectRefusedException("not yet");
 *     }
 *     handshake.query("match").ifPresent(match -> entry.join("match:" + match));
 * });
 * }</pre>
 */
@FunctionalInterface
public interface ConnectInterceptor {

    /**
     * Judges a client.
     *
     * @param principal as it is at run time: with what has been granted to the user, and without what has been revoked
     * @param entry for the session that it is about to get, or the one that it returns to
     * @throws ConnectRefusedException to refuse it
     */
    void connecting(Handshake handshake, Principal principal, Entry entry);

    /** The session-to-be of a client that is being judged. To be used until the interceptor has returned. Not thread-safe. */
    interface Entry {

        /**
         * Puts the session into a room from its first moment: it gets what is emitted to the room from then on. A session that returns joins when it is back,
         * unless it is in the room already.
         *
         * @throws TooManyRoomsException if that were more than {@link dev.realtime.limits.Limits#maxRooms()}
         * @throws ConnectRefusedException if a {@linkplain NamespaceSetup#joins rule} does not let it in
         */
        void join(RoomKey room);

        /** @see #join(RoomKey) */
        default void join(String room) {
            join(RoomKey.parse(Objects.requireNonNull(room, "room")));
        }
    }
}
