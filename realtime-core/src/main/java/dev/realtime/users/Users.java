package dev.realtime.users;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The users of the whole cluster. Thread-safe; nothing blocks.
 *
 * <pre>{@code
 * User bob = realtime.users().user("bob");
 * bob.emit(NOTICE, "The server restarts at noon");
 * bob.mute(Duration.ofMinutes(10));
 * bob.disconnect("Kicked");
 * }</pre>
 *
 * <p>What is decided about a user (a permission granted or revoked, a mute, credentials that are no longer valid) holds on all nodes within a second, and
 * for later logins until it ends. It needs {@link dev.realtime.RealtimeBuilder#users}, on every node of the cluster, and fails without it.
 */
public interface Users {

    /**
     * Returns a user, known or not.
     *
     * @param id as of the {@link dev.realtime.Principal}
     * @throws IllegalArgumentException if it cannot be one
     */
    User user(String id);

    /**
     * Refuses one token from now on, and ends the sessions that were begun with it.
     *
     * @param tokenId as of {@link dev.realtime.Principal#tokenId()}
     * @param duration for at least as long as the token would be valid
     * @return completes when it holds, and all nodes are being told
     */
    CompletionStage<Void> revokeToken(String tokenId, Duration duration);
}
