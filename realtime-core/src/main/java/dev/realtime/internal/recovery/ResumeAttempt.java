package dev.realtime.internal.recovery;

import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Claimant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that asks for its session of before, and how its attempt ends if it does not get that one: with a fresh session, or with another attempt.
 *
 * @param freshId the id of the session that it gets otherwise
 * @param offset the last that it has seen, as it says; null if it has seen nothing
 */
record ResumeAttempt(
        NamespaceRecovery recovery,
        Admission admission,
        SessionConnection connection,
        Principal principal,
        String privateId,
        @Nullable String offset,
        String freshId) {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeAttempt.class);
    /** A client whose session the backend cannot find out about in so many attempts begins afresh. */
    private static final int MOST_UNANSWERED = 30;

    /** Who asks the store for the session. */
    Claimant claimant() {
        return Claimant.of(recovery.scope().namespace(), principal);
    }

    /** What the client has seen; null also if it does not name a position. */
    @Nullable
    Position sent() {
        return offset == null ? null : Position.parse(offset);
    }

    /** Gives it a fresh session. From any thread. */
    void fresh(FreshReason reason) {
        admission.fresh(freshId, principal, reason);
    }

    /** Gives it a fresh session after the admission has been settled. In the fan-out's turn. */
    void begin(FreshReason reason) {
        admission.begin(freshId, principal, reason);
    }

    /** Whether the backend, which has not answered once more, has been asked often enough. */
    boolean isHopeless() {
        return recovery.services().attempts().unanswered(privateId) > MOST_UNANSWERED;
    }

    /** Lets the client's next attempt ask again what the backend cannot answer in time: it has lost nothing yet. */
    void unanswered() {
        if (recovery.scope().backend().isDegraded() || isHopeless()) {
            fresh(FreshReason.BACKEND_FAILED);
        } else {
            admission.again();
        }
    }

    /** Takes a step behind an answer of the backend, unless that failed. */
    void guarded(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            recovery.scope()
                    .runtime()
                    .lines()
                    .warn(
                            LOG,
                            AddressKey.of(connection.request().remoteAddress()),
                            "a session record could not be read",
                            failure);
            unanswered();
            return;
        }
        guarded(step);
    }

    /** Takes a step; if it throws, the client comes back. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            admission.failed(e);
        }
    }
}
