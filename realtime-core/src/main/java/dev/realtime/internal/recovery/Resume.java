package dev.realtime.internal.recovery;

import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.SessionRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of a client to its session of before: look at the record without touching it, check that the client may have it, claim it, restore it here,
 * and {@linkplain SessionReturn return} to it. Whatever cannot be exact ends in a fresh session with a {@link FreshReason}.
 */
final class Resume {
    private final ResumeAttempt attempt;
    private final NamespaceRecovery recovery;
    private final RecoveryScope scope;
    private volatile Runnable arrived = () -> {}; // the session that was claimed is here

    Resume(ResumeAttempt attempt) {
        this.attempt = attempt;
        this.recovery = attempt.recovery();
        this.scope = recovery.scope();
    }

    void start() {
        if (!recovery.services()
                .gate()
                .admits(attempt.privateId(), attempt.connection().request().remoteAddress())) {
            scope.runtime().counters().count(Counters.Name.RESUMES_LIMITED);
            attempt.admission().again();
            return;
        }
        recovery.services().gate().enter(() -> {
            if (attempt.admission().resuming(recovery.services().gate()::leave)) {
                find();
            }
        });
    }

    /** A node that goes on by itself has nobody to ask, and begins afresh. */
    private void find() {
        if (scope.backend().isDegraded()) {
            ask();
        } else {
            recovery.backfill().await(this::ask, attempt::unanswered);
        }
    }

    private void ask() {
        scope.backend()
                .sessions()
                .find(attempt.privateId())
                .whenComplete((found, failure) -> attempt.guarded(failure, () -> look(found)));
    }

    /** Nothing is touched before the client has shown that the session is its own: a stolen private id disturbs nobody. */
    private void look(Optional<SessionRecord> found) {
        SessionRecord session = found.orElse(null);
        if (session == null || !isHere(session) || scope.ended().contains(attempt.privateId())) {
            attempt.fresh(FreshReason.UNKNOWN_SESSION);
        } else if (!isSame(session.principal())) {
            attempt.fresh(FreshReason.CREDENTIALS_CHANGED);
        } else if (!attempt.admission().mayResume(session.sessionId())) {
            attempt.fresh(FreshReason.UNKNOWN_SESSION); // unless that is refused to it, too
        } else {
            arrived = recovery.arriving().expect();
            scope.backend()
                    .sessions()
                    .claim(attempt.privateId(), scope.runtime().node())
                    .whenComplete((claimed, failure) -> claiming(failure, () -> claimed(claimed, session)));
        }
    }

    /** From the claim on nobody else looks after the session: it comes home even if this attempt does not get further. */
    private void claiming(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            recovery.orphans().mayBe(attempt.privateId());
            arrived.run();
        }
        attempt.guarded(failure, step);
    }

    /** A record without a namespace was written by a server of another kind, which asks no more than the private id. */
    private boolean isHere(SessionRecord session) {
        return session.namespace().isEmpty() || session.namespace().equals(scope.namespace());
    }

    /** A record that does not say whose it is was written by a server of another kind, which asks no more than the private id. */
    private boolean isSame(@Nullable Principal known) {
        if (known == null) {
            return true;
        }
        return known.anonymous()
                ? attempt.principal().anonymous()
                : known.id().equals(attempt.principal().id())
                        && !attempt.principal().anonymous();
    }

    private void claimed(Optional<SessionRecord> claimed, SessionRecord found) {
        SessionRecord session = claimed.orElse(null);
        if (session == null) {
            arrived.run();
            attempt.fresh(FreshReason.UNKNOWN_SESSION);
        } else {
            String formerHome = found.home().node();
            Restore.Origin origin = origin(found);
            if (!formerHome.isEmpty() && !formerHome.equals(scope.runtime().node())) {
                recovery.tellTakenOver(formerHome, session);
            }
            Position sent = attempt.sent();
            if (sent != null && sent.isAfter(scope.fanout().position())) {
                awaitOffset(session, origin, sent);
            } else {
                scope.fanout().execute(() -> attempt.guarded(() -> restore(session, origin)));
            }
        }
    }

    private Restore.Origin origin(SessionRecord found) {
        return found.home().node().isEmpty() ? Restore.Origin.OTHER_KIND : Restore.Origin.NODE;
    }

    /** The client has seen more than this node has: either the node is behind the one that the client comes from, or the offset is made up. */
    private void awaitOffset(SessionRecord session, Restore.Origin origin, Position sent) {
        scope.log()
                .latest()
                .whenComplete((latest, failure) -> claiming(failure, () -> {
                    Position reachable = sent.isAfter(latest) ? Position.START : sent;
                    scope.fanout().executeBehind(reachable, () -> attempt.guarded(() -> restore(session, origin)));
                }));
    }

    /** In the fan-out's turn. */
    private void restore(SessionRecord session, Restore.Origin origin) {
        Principal owner = session.principal() == null ? attempt.principal() : session.principal();
        new Restore(
                        recovery,
                        session,
                        origin,
                        owner,
                        (mine, obstacle) -> {
                            arrived.run();
                            attempt.guarded(() -> new SessionReturn(attempt, session, mine, obstacle).take());
                        },
                        () -> {
                            arrived.run();
                            attempt.fresh(FreshReason.UNKNOWN_SESSION);
                        },
                        attempt::unanswered)
                .proceed();
    }
}
