package dev.realtime.internal.recovery;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.RecordReplay;
import dev.realtime.spi.Log;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.SessionRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a session that this node has just claimed its place here: the copy that this node has, if nobody else had the session since; otherwise
 * a new one from the record, brought up to date with what the log told its audiences meanwhile. In the fan-out's turn, so that what the log
 * tells from then on meets the copy itself.
 */
final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
    private static final int PAGE = 512;
    /** It has been claimed, and nobody else will look after it: a backend that does not answer is asked again for a minute. */
    private static final int ATTEMPTS = 60;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final NamespaceRecovery recovery;
    private final RecoveryScope scope;
    private final SessionRecord session;
    private final Origin origin;
    private final Principal principal;
    private final Ready ready;
    private final Runnable gone;
    private final Runnable unanswered;
    private int attempts;
    private final RecordReplay replay;

    /** Where a session was before this node claimed it. */
    enum Origin {
        /** At a node of this library, dead or alive, or at this one. */
        NODE,
        /** At a server of another kind, whose records say neither home nor position. */
        OTHER_KIND
    }

    /** Takes the session, in the fan-out's turn. */
    interface Ready {
        /**
         * @param copy the session on this node
         * @param inexact why the copy cannot be exact; null if it is
         * @param isRecorded whether it is a new copy, and the claimed record says all that it knows
         */
        void take(LocalSession copy, @Nullable FreshReason inexact, boolean isRecorded);
    }

    /**
     * @param session as it was claimed
     * @param origin where it was before the claim
     * @param gone told instead when the session has ended at this node meanwhile
     * @param unanswered told each time that the backend does not answer; it is asked again until it does
     */
    Restore(
            NamespaceRecovery recovery,
            SessionRecord session,
            Origin origin,
            Principal principal,
            Ready ready,
            Runnable gone,
            Runnable unanswered) {
        this.recovery = recovery;
        this.scope = recovery.scope();
        this.session = session;
        this.origin = origin;
        this.principal = principal;
        this.ready = ready;
        this.gone = gone;
        this.unanswered = unanswered;
        this.replay = new RecordReplay(session);
    }

    void proceed() {
        // a server of another kind writes a record when it lets go of a session, and applies nothing to it from then on
        proceed(origin == Origin.OTHER_KIND || isOfOldEpoch() ? scope.fanout().position() : replay.from());
    }

    private void proceed(Position from) {
        guarded(from, () -> goOn(from));
    }

    /** A step that throws is taken again: nobody else looks after the session. */
    private void guarded(Position from, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failed(e, from);
        }
    }

    /** What was told to its audiences is not to be found any more; its client gets a fresh session, and this one ends here. */
    private boolean isOfOldEpoch() {
        return !session.epoch().equals(scope.backend().epoch());
    }

    private void goOn(Position from) {
        LocalSession known = recovery.sessions().findByPrivateId(session.privateId());
        if (known != null && isOutdated(known)) {
            if (origin == Origin.OTHER_KIND) {
                known.ownership().wasForeign();
            } else {
                known.ownership()
                        .movedAway(session.home().fence()); // it went on elsewhere, and this node had not heard
            }
            known = null;
        }
        if (known != null) {
            if (replay.isDisconnected()) { // as was read before a step failed
                known.closing().close(DisconnectReason.SERVER_DISCONNECT);
            }
            ready.take(known, null, false);
            return;
        }
        if (hasEnded()) {
            return;
        }
        List<PlacedEntry> recent = scope.fanout().recent().operations(from);
        if (recent == null) {
            read(from);
        } else {
            recent.forEach(replay::apply);
            ready.take(
                    restored(), null, origin == Origin.NODE && replay.result().equals(session));
        }
    }

    private boolean isOutdated(LocalSession known) {
        // a server of another kind takes a session without a claim
        return origin == Origin.OTHER_KIND || known.ownership().isOutdated(session.home());
    }

    private void read(Position from) {
        Position through = scope.fanout().position();
        scope.log()
                .read(from, through, PAGE)
                .whenComplete((page, failure) -> scope.fanout().execute(() -> {
                    if (failure != null) {
                        failed(failure, from);
                        return;
                    }
                    guarded(from, () -> {
                        page.forEach(replay::apply);
                        goOn(page.size() == PAGE ? page.get(PAGE - 1).position() : through);
                    });
                }));
    }

    private void failed(Throwable failure, Position from) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean trimmed = cause instanceof Log.TrimmedException;
        if (!trimmed) {
            scope.runtime()
                    .lines()
                    .warn(
                            LOG,
                            session.home().node(),
                            "what happened to session {} meanwhile could not be read",
                            session.sessionId(),
                            cause);
        }
        if (!trimmed && attempts++ < ATTEMPTS) {
            scope.runtime().time().schedule(PAUSE, () -> scope.fanout().execute(() -> proceed(from)));
            unanswered.run();
            return;
        }
        if (hasEnded()) {
            return;
        }
        LocalSession inexact = restored();
        inexact.lostReliable();
        ready.take(inexact, trimmed ? FreshReason.LOG_TRIMMED : FreshReason.BACKEND_FAILED, false);
    }

    /** It has ended at this node while it was being claimed: the claim goes with it. */
    private boolean hasEnded() {
        if (!scope.ended().contains(session.privateId())) {
            return false;
        }
        if (scope.ended().isOver(session.privateId())) {
            var unused = scope.backend().sessions().remove(session.privateId(), session.home());
        }
        gone.run();
        return true;
    }

    private LocalSession restored() {
        LocalSession restored = scope.factory().restored(replay.result(), principal);
        try {
            restored.lifecycle().await();
            if (origin == Origin.OTHER_KIND) {
                restored.lifecycle().comesFromOutside();
            }
            recovery.sessions().add(restored);
        } catch (RuntimeException | Error e) { // half a copy would be found by the next attempt
            restored.closing().discard();
            throw e;
        }
        if (replay.isDisconnected()) {
            restored.closing().close(DisconnectReason.SERVER_DISCONNECT);
        }
        return restored;
    }
}
