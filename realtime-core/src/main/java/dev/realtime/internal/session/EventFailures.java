package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.InvalidRoomException;
import dev.realtime.TooManyRoomsException;
import dev.realtime.internal.node.Counters;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of an event that was not handled to its end: it is counted, logged, and its client is told as much as concerns it. Thread-safe. */
final class EventFailures {
    private static final Logger LOG = LoggerFactory.getLogger(EventFailures.class);

    private final Counters counters;
    private final BoundedLog lines;
    private final ErrorListeners listeners;

    EventFailures(Counters counters, BoundedLog lines, ErrorListeners listeners) {
        this.counters = counters;
        this.lines = lines;
        this.listeners = listeners;
    }

    void failed(Throwable failure, LocalSession session, Answer answer) {
        Throwable cause = cause(failure);
        if (cause instanceof EventRefusedException refused) {
            counted(answer, refused.code());
            wasRefused(session, answer, refused.code() + ", " + refused.getMessage());
            answer.refuse(refused);
        } else if (cause instanceof DecodeException bad) {
            counted(answer, ErrorCode.INVALID_PAYLOAD.code());
            String message = bad.getMessage();
            wasRefused(session, answer, ErrorCode.INVALID_PAYLOAD.code() + ", " + message);
            answer.refuse(
                    ErrorCode.INVALID_PAYLOAD.code(),
                    message == null ? ErrorCode.INVALID_PAYLOAD.sentence() : message,
                    null);
        } else if (cause instanceof InvalidRoomException || cause instanceof TooManyRoomsException) {
            ErrorCode code = cause instanceof TooManyRoomsException ? ErrorCode.TOO_MANY_ROOMS : ErrorCode.INVALID_ROOM;
            counted(answer, code.code());
            lines.info(
                    LOG,
                    client(session),
                    "the event '{}' of session {} was refused: {}",
                    answer.event(),
                    session.id(),
                    cause.getMessage());
            answer.refuse(code);
        } else {
            counters.count(Counters.Name.EVENTS_FAILED);
            lines.error(
                    LOG,
                    client(session),
                    "the handler of '{}' in {} failed for session {} of user {}",
                    answer.event(),
                    session.namespace().name(),
                    session.id(),
                    session.principal().id(),
                    cause);
            answer.refuse(ErrorCode.HANDLER_FAILED);
            listeners.failed(lines, session, answer.event(), cause);
        }
    }

    /** A limit had no room for the event. If its session is to end for that, its client hears why before. */
    void exceeded(LocalSession session, Answer answer, Exceeded exceeded) {
        counted(answer, exceeded.code().code());
        counters.count(
                switch (exceeded.code()) {
                    case RESTRICTED -> Counters.Name.EVENTS_RESTRICTED;
                    case OVERLOADED -> Counters.Name.EVENTS_OVERLOADED;
                    default -> Counters.Name.EVENTS_LIMITED;
                });
        wasRefused(session, answer, exceeded.code().code());
        answer.refuse(exceeded);
        Step step = exceeded.step();
        if (step != null) {
            escalated(session, answer, step);
        }
    }

    private void counted(Answer answer, String code) {
        counters.count(Counters.Name.EVENTS_REFUSED);
        unanswered(answer, code);
    }

    /** Tells of a refusal that is counted elsewhere. */
    void unanswered(Answer answer, String code) {
        EngineObserver observer = counters.observer();
        if (observer != null) {
            observer.refused(answer.contract(), code);
        }
    }

    /** What stands for a refusal: whatever else a handler throws is a failure of its own. */
    static boolean isRefusal(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof EventRefusedException
                || cause instanceof InvalidRoomException
                || cause instanceof TooManyRoomsException;
    }

    /** What a stage that fails stands for; null for nothing. */
    static @Nullable Throwable causeOf(@Nullable Throwable failure) {
        return failure == null ? null : cause(failure);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void escalated(LocalSession session, Answer answer, Step step) {
        counters.count(
                switch (step) {
                    case WARNED -> Counters.Name.ESCALATION_WARNED;
                    case RESTRICTED -> Counters.Name.ESCALATION_RESTRICTED;
                    case DISCONNECTED -> Counters.Name.ESCALATION_DISCONNECTED;
                });
        if (step != Step.WARNED) {
            lines.warn(
                    LOG,
                    client(session),
                    "user {} at {} was {} for too many of '{}' and others in {}",
                    session.principal().id(),
                    session.remoteAddress(),
                    step == Step.RESTRICTED ? "restricted" : "disconnected",
                    answer.event(),
                    session.namespace().name());
        }
        if (step == Step.DISCONNECTED) {
            session.disconnect(true);
        }
    }

    private void wasRefused(LocalSession session, Answer answer, @Nullable String why) {
        lines.debug(
                LOG,
                client(session),
                "the event '{}' of session {} of user {} was refused: {}",
                answer.event(),
                session.id(),
                session.principal().id(),
                why);
    }

    private static String client(LocalSession session) {
        return AddressKey.of(session.remoteAddress());
    }
}
