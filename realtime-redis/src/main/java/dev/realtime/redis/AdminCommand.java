package dev.realtime.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What an administrator can have done by a node, see {@link AdminPublisher} and {@link RedisIntakeBuilder#admin}. */
public sealed interface AdminCommand {

    /**
     * Ends all sessions of a user; its clients do not come back by themselves. As {@link dev.realtime.users.User#disconnect}.
     *
     * @param reason for the client
     */
    record Disconnect(String user, String reason) implements AdminCommand {
        public Disconnect {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Refuses all credentials of a user that were issued until now. As {@link dev.realtime.users.User#revokeCredentials}. */
    record RevokeCredentials(String user) implements AdminCommand {
        public RevokeCredentials {
            Objects.requireNonNull(user, "user");
        }
    }

    /**
     * Refuses one token. As {@link dev.realtime.users.Users#revokeToken}.
     *
     * @param duration for at least as long as the token would be valid
     */
    record RevokeToken(String tokenId, Duration duration) implements AdminCommand {
        public RevokeToken {
            Objects.requireNonNull(tokenId, "tokenId");
            Objects.requireNonNull(duration, "duration");
        }
    }

    /**
     * Emits a text to everybody in a namespace, or in a room of it, as the event that the nodes have {@linkplain RedisIntakeBuilder#announcement set}.
     *
     * @param room as {@code kind:name}; nothing for everybody
     */
    record Announce(String namespace, Optional<String> room, String text) implements AdminCommand {
        public Announce {
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(room, "room");
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * Makes all sessions of a user join rooms; rules of rooms are not asked.
     *
     * @param rooms each as {@code kind:name}
     */
    record Join(String namespace, String user, List<String> rooms) implements AdminCommand {
        public Join {
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(user, "user");
            rooms = List.copyOf(Objects.requireNonNull(rooms, "rooms"));
        }
    }

    /**
     * Makes all sessions of a user leave rooms.
     *
     * @param rooms each as {@code kind:name}
     */
    record Leave(String namespace, String user, List<String> rooms) implements AdminCommand {
        public Leave {
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(user, "user");
            rooms = List.copyOf(Objects.requireNonNull(rooms, "rooms"));
        }
    }
}
