package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is in its life: connected, suspended, resuming, closed; and whose it is. It changes under the session's lock and is read by any
 * thread.
 */
final class SessionState {

    private enum Phase {
        CONNECTED,
        SUSPENDED,
        /** On a new connection, and the client has been told nothing yet. */
        RESUMING,
        CLOSED
    }

    private volatile Phase phase = Phase.SUSPENDED;
    private volatile Principal principal;
    private volatile @Nullable SessionDismissal dismissal;
    private volatile boolean deaf; // once it is closed
    private boolean untold; // guarded by the session's lock

    SessionState(Principal principal) {
        this.principal = principal;
    }

    boolean isConnected() {
        return phase == Phase.CONNECTED;
    }

    boolean isSuspended() {
        return phase == Phase.SUSPENDED;
    }

    boolean isResuming() {
        return phase == Phase.RESUMING;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Whether there is a client to hear last words, even if only once it has been caught up with. */
    boolean isThere() {
        return phase == Phase.CONNECTED || phase == Phase.RESUMING;
    }

    void connected() {
        phase = Phase.CONNECTED;
    }

    void suspended() {
        phase = Phase.SUSPENDED;
    }

    void resuming() {
        phase = Phase.RESUMING;
    }

    void closed(DisconnectReason reason) {
        deaf = isDeafAfter(reason);
        phase = Phase.CLOSED;
    }

    /**
     * Whether what was received is not handled any more, because this node has ended the session or it goes on elsewhere. If the client or its
     * connection has ended it, what came before is handled all the same.
     */
    boolean isDeaf() {
        return dismissal != null || (phase == Phase.CLOSED && deaf);
    }

    private static boolean isDeafAfter(DisconnectReason reason) {
        return switch (reason) {
            case SERVER_DISCONNECT,
                    CREDENTIALS_EXPIRED,
                    CREDENTIALS_REVOKED,
                    NOT_AUTHENTICATED,
                    LOGGED_IN_ELSEWHERE,
                    FLOOD,
                    TAKEN_OVER,
                    SERVER_STOPPING -> true;
            default -> false;
        };
    }

    Principal principal() {
        return principal;
    }

    void renewed(Principal renewed) {
        principal = renewed;
    }

    /** The order of the application to end it, although its last words may still be on their way; null while there is none. */
    @Nullable
    SessionDismissal dismissal() {
        return dismissal;
    }

    void dismissed(SessionDismissal order) {
        dismissal = order;
    }

    /** Whether nobody here has been told of its beginning, or has been told of its end since. */
    boolean isUntold() {
        return untold;
    }

    void untold(boolean now) {
        untold = now;
    }
}
