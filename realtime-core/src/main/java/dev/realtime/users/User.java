package dev.realtime.users;

import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Online;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A user, wherever it is: in all namespaces that this node serves, and on all nodes. A namespace of a pattern counts while it is live on this node. Thread-safe;
 * nothing blocks.
 *
 * <p>A decision is a stage that completes when it holds, and all nodes are being told; it fails if the backend cannot be reached, and may then be made again. It
 * lasts for a time that the store counts, so no clock of a node can end it early or late. The longest is ten years.
 */
public interface User {

    String id();

    // ---- where it is

    /** Returns the user's sessions, live and suspended. */
    CompletionStage<Fetched> sessions();

    /** Returns how many sessions of the user have a client now, as far as the nodes have answered. */
    CompletionStage<Integer> count();

    /** Returns whether the user has a session with a client now. */
    CompletionStage<Online> online();

    /** Emits a reliable event to all sessions of the user. Completes when all logs hold it. */
    <T> CompletionStage<Void> emit(Event<T> event, T payload);

    /**
     * Ends all sessions of the user, and their connections. What was emitted before arrives before, and so do the words, as the argument of {@link
     * UserRules#disconnectEvent()}. The client does not come back by itself; what should keep it from coming back at all is a matter of its credentials.
     *
     * @param reason for the client
     */
    CompletionStage<Void> disconnect(String reason);

    // ---- what it may do

    /** Gives the user a permission for a while, whatever its credentials say. */
    CompletionStage<Void> grant(String permission, Duration duration);

    /** Takes a permission away for a while, whatever the user's credentials say. */
    CompletionStage<Void> revoke(String permission, Duration duration);

    /** Ends what was granted or revoked of a permission: what the credentials say holds again. */
    CompletionStage<Void> reset(String permission);

    /** Refuses {@linkplain Event#speech() speech} of the user for a while. */
    CompletionStage<Void> mute(Duration duration);

    /** Ends a mute. */
    CompletionStage<Void> unmute();

    /** Refuses everything that the user sends for a while. */
    CompletionStage<Void> restrict(Duration duration);

    /** Ends a restriction. */
    CompletionStage<Void> unrestrict();

    /**
     * Refuses all credentials of the user that were issued until now, and ends the sessions that were begun with them. Credentials count that say when they
     * were issued (see {@link dev.realtime.Principal#issuedAt()}, {@code iat} of a token); others are refused as well. That is remembered for {@link
     * UserRules#credentialLife()}.
     */
    CompletionStage<Void> revokeCredentials();

    /** Returns what has been decided and has not ended. */
    CompletionStage<Standing> standing();
}
