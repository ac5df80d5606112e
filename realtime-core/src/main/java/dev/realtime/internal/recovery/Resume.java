package dev.realtime.internal.recovery;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore.Claim;
import org.jspecify.annotations.Nullable;

/**
 * The way of a client to its session of before: claim the record, if it is the client's, restore it here, and {@linkplain SessionReturn return} to it.
 * Whatever cannot be exact ends in a fresh session with a {@link FreshReason}.
 */
final class Resume {
    private final ResumeAttempt attempt;
    private final NamespaceRecovery recovery;
    private final RecoveryScope scope;
    private volatile long asked; // when the session was claimed, or before
    private volatile Runnable arrived = () -> {}; // the session that was claimed is here

    Resume(ResumeAttempt attempt) {
        this.attempt = attempt;
        this.recovery = attempt.recovery();
        this.scope = recovery.scope();
    }

    void start() {
        String address = attempt.connection().request().remoteAddress();
        String rule = recovery.services().gate().refusing(attempt.privateId(), address);
        if (rule != null) {
            scope.runtime().counters().count(Counters.Name.RESUMES_LIMITED);
            scope.refusals()
                    .session(
                            address,
                            attempt.principal(),
                            scope.namespace(),
                            DisconnectReason.RESUME_POSTPONED.code(),
                            rule,
                            null);
            attempt.admission().again();
            return;
        }
        recovery.services().gate().enter(() -> {
            if (attempt.admission().resuming(recovery.services().gate()::leave)) {
                begin();
            }
        });
    }

    /** A node that goes on by itself has nobody to ask, and begins afresh. */
    private void begin() {
        if (scope.backend().isDegraded()) {
            attempt.fresh(FreshReason.BACKEND_FAILED);
        } else {
            recovery.backfill().await(this::ask, attempt::unanswered);
        }
    }

    private void ask() {
        if (scope.ended().contains(attempt.privateId())) {
            attempt.fresh(FreshReason.UNKNOWN_SESSION);
        } else if (attempt.admission().isCapped()) {
            look();
        } else {
            claim();
        }
    }

    /** Where a user may log in once, it depends on the session whether its client may still have it. */
    private void look() {
        scope.backend()
                .sessions()
                .find(attempt.privateId())
                .whenComplete((found, failure) -> attempt.guarded(failure, () -> {
                    SessionRecord session = found.orElse(null);
                    if (session != null
                            && attempt.claimant().refusal(session) == null
                            && !attempt.admission().mayResume(session.sessionId())) {
                        attempt.fresh(FreshReason.UNKNOWN_SESSION); // unless that is refused to it, too
                    } else {
                        claim();
                    }
                }));
    }

    /** Nothing is touched that is not the client's own. */
    private void claim() {
        arrived = recovery.arriving().expect();
        asked = scope.runtime().time().nanoTime();
        scope.backend()
                .sessions()
                .claim(attempt.privateId(), scope.runtime().node(), attempt.claimant())
                .whenComplete((claim, failure) -> claiming(failure, () -> claimed(claim)));
    }

    /** From the claim on nobody else looks after the session: it comes home even if this attempt does not get further. */
    private void claiming(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            recovery.orphans().mayBe(attempt.privateId());
            arrived.run();
        }
        attempt.guarded(failure, step);
    }

    private void claimed(Claim claim) {
        if (claim instanceof Claim.Granted granted) {
            claimed(granted);
        } else {
            arrived.run();
            attempt.fresh(
                    claim instanceof Claim.Refused ? FreshReason.CREDENTIALS_CHANGED : FreshReason.UNKNOWN_SESSION);
        }
    }

    private void claimed(Claim.Granted claim) {
        String formerHome = claim.formerHome().node();
        if (!formerHome.isEmpty() && !formerHome.equals(scope.runtime().node())) {
            recovery.tellTakenOver(formerHome, claim.session());
        }
        Position sent = attempt.sent();
        if (sent != null && sent.isAfter(scope.fanout().position())) {
            awaitOffset(claim, sent);
        } else {
            scope.fanout().execute(() -> attempt.guarded(() -> restore(claim)));
        }
    }

    /** The client has seen more than this node has: either the node is behind the one that the client comes from, or the offset is made up. */
    private void awaitOffset(Claim.Granted claim, Position sent) {
        scope.log()
                .latest()
                .whenComplete((latest, failure) -> claiming(failure, () -> {
                    Position reachable = sent.isAfter(latest) ? Position.START : sent;
                    scope.fanout().executeBehind(reachable, () -> attempt.guarded(() -> restore(claim)));
                }));
    }

    /** In the fan-out's turn. */
    private void restore(Claim.Granted claim) {
        SessionRecord session = claim.session();
        Principal owner = session.principal() == null ? attempt.principal() : session.principal();
        new Restore(
                        recovery,
                        session,
                        claim.formerHome().node().isEmpty() ? Restore.Origin.OTHER_KIND : Restore.Origin.NODE,
                        owner,
                        (mine, inexact, isRecorded) -> {
                            if (isRecorded) {
                                mine.notifier()
                                        .recordIsStored(asked + claim.left().toNanos());
                            }
                            arrived.run();
                            attempt.guarded(() -> new SessionReturn(attempt, session, mine, inexact).take());
                        },
                        () -> {
                            arrived.run();
                            attempt.fresh(FreshReason.UNKNOWN_SESSION);
                        },
                        attempt::unanswered)
                .proceed();
    }
}
