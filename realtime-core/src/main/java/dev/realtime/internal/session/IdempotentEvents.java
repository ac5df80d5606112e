package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.internal.idempotency.Claim;
import dev.realtime.internal.idempotency.Entrant;
import dev.realtime.internal.idempotency.IdempotentRequests;
import dev.realtime.internal.idempotency.RequestKey;
import dev.realtime.internal.idempotency.Turn;
import dev.realtime.internal.logs.LogContext;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request passes that is handled once, between its permission and the interceptors: it is claimed for its key, waits for whoever handles the same, or is
 * answered with what came of that. While it waits the session's mailbox does, unless its handler acknowledges by itself. Thread-safe.
 */
final class IdempotentEvents {
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z"); // any time that can be counted with

    private final IdempotentRequests requests;
    private final TimeoutQueue deadlines;
    private final EventFailures failures;
    private final LogContext logs;
    private final Handling handling;

    /** Runs interceptors and handler. */
    interface Handling {
        @Nullable
        CompletionStage<?> handle(LocalSession session, EventRoute route, @Nullable Object payload, Answer answer)
                throws Exception;
    }

    /** @param deadlines how long a client waits */
    IdempotentEvents(
            IdempotentRequests requests,
            TimeoutQueue deadlines,
            EventFailures failures,
            LogContext logs,
            Handling handling) {
        this.requests = requests;
        this.deadlines = deadlines;
        this.failures = failures;
        this.logs = logs;
        this.handling = handling;
    }

    /** A request on its way. */
    private record Asked(
            LocalSession session,
            EventRoute route,
            @Nullable Object payload,
            Answer answer,
            Idempotency<?> options,
            String key,
            @Nullable Long sentAt,
            Entrant entrant) {

        /** Whether the session goes on while its handler has not answered. */
        boolean answersItself() {
            return route instanceof EventRoute.OfAcknowledging<?, ?>;
        }

        Asked by(Entrant another) {
            return new Asked(session, route, payload, answer, options, key, sentAt, another);
        }
    }

    @Nullable
    CompletionStage<?> handle(
            LocalSession session, EventRoute route, @Nullable Object payload, Answer answer, Idempotency<?> options) {
        boolean anonymous = session.principal().anonymous();
        String key = RequestKey.of(
                session.namespace().name(),
                route.contract().name(),
                anonymous,
                anonymous ? session.id() : session.principal().id(),
                key(options, payload));
        Long sentAt = sentAt(options, payload);
        boolean patient = !(route instanceof EventRoute.OfAcknowledging<?, ?>);
        Entrant entrant = requests.enter(key, session.id(), patient, options, sentAt);
        return follow(new Asked(session, route, payload, answer, options, key, sentAt, entrant), entrant.turn());
    }

    /** Its turn was over when it could have used it. */
    private @Nullable CompletionStage<?> enterAgain(Asked asked) {
        Entrant entrant =
                requests.enter(asked.key, asked.session.id(), !asked.answersItself(), asked.options, asked.sentAt);
        return follow(asked.by(entrant), entrant.turn());
    }

    @SuppressWarnings("unchecked") // the payload is the contract's, as the options are
    private static String key(Idempotency<?> options, @Nullable Object payload) {
        String key = payload == null ? null : ((Function<Object, @Nullable String>) options.key()).apply(payload);
        if (key == null || key.isEmpty() || key.length() > Idempotency.MAX_KEY_LENGTH) {
            throw invalid("the request needs a key of 1 to " + Idempotency.MAX_KEY_LENGTH + " characters");
        }
        return key;
    }

    @SuppressWarnings("unchecked") // as above
    private static @Nullable Long sentAt(Idempotency<?> options, @Nullable Object payload) {
        Function<Object, @Nullable Instant> function =
                (Function<Object, @Nullable Instant>) options.sentAt().orElse(null);
        if (function == null || payload == null) {
            return null;
        }
        Instant sentAt = function.apply(payload);
        if (sentAt == null || sentAt.isBefore(Instant.EPOCH) || sentAt.isAfter(LAST)) {
            throw invalid("the request does not say when it was made");
        }
        return sentAt.toEpochMilli();
    }

    private static EventRefusedException invalid(String why) {
        return new EventRefusedException(ErrorCode.INVALID_PAYLOAD.code(), why);
    }

    private @Nullable CompletionStage<?> follow(Asked asked, CompletableFuture<Turn> turn) {
        if (turn.isDone()) {
            return goOn(asked, turn.join());
        }
        TimeoutQueue.Deadline deadline = deadlines.add(asked.entrant::giveUp);
        var unused = turn.whenComplete((known, failure) -> deadline.meet());
        return new Postponed(turn, () -> goOnLater(asked, turn.join()));
    }

    /** In another turn of the mailbox. */
    private @Nullable CompletionStage<?> goOnLater(Asked asked, Turn turn) {
        LogContext.Scope scope = asked.answer.logged(logs);
        try {
            return goOn(asked, turn);
        } finally {
            scope.close();
        }
    }

    private @Nullable CompletionStage<?> goOn(Asked asked, Turn turn) {
        if (turn instanceof Turn.Handle handle) {
            return run(asked, handle.claim());
        }
        if (turn instanceof Turn.Lapsed) {
            return enterAgain(asked);
        }
        if (turn instanceof Turn.Later later) {
            asked.answer.later();
            var unused = later.turn().thenAccept(known -> hears(asked, known));
        } else {
            asked.answer.tell(((Turn.Answer) turn).outcome());
        }
        return null;
    }

    /** Nothing has waited for this. */
    private void hears(Asked asked, Turn turn) {
        if (turn instanceof Turn.Answer known) {
            asked.answer.tell(known.outcome());
        } else {
            asked.session.inbox().handleLater(() -> goOnLater(asked, turn));
        }
    }

    private @Nullable CompletionStage<?> run(Asked asked, Claim claim) {
        LocalSession session = asked.session;
        if (session.inbox().isDeaf()) {
            claim.pass(asked.entrant);
            return null;
        }
        CompletableFuture<Turn> again = claim.begin(asked.entrant);
        if (again != null) {
            return follow(asked, again);
        }
        asked.answer.settles(claim);
        session.handles(asked.key);
        CompletionStage<?> pending = null;
        try {
            pending = handling.handle(session, asked.route, asked.payload, asked.answer);
        } catch (Throwable failure) {
            failures.failed(failure, session, asked.answer);
        } finally {
            session.handles(null);
        }
        if (asked.answersItself()) {
            return pending;
        }
        return pending == null
                ? told(asked.answer)
                : pending.thenCompose(done -> {
                    CompletionStage<?> told = told(asked.answer);
                    return told == null ? CompletableFuture.completedFuture(null) : told.thenApply(all -> null);
                });
    }

    /** Completes when the client knows what came of it, or has waited long enough; null when that is so. */
    private @Nullable CompletionStage<?> told(Answer answer) {
        CompletableFuture<Void> told = answer.untilTold();
        if (told != null) {
            TimeoutQueue.Deadline deadline = deadlines.add(answer::timeOut);
            var unused = told.whenComplete((done, failure) -> deadline.meet());
        }
        return told;
    }
}
