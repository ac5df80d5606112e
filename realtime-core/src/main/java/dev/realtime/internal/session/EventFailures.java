package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.InvalidRoomException;
import dev.realtime.TooManyRoomsException;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
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
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof EventRefusedException refused) {
            counters.count(Counters.Name.EVENTS_REFUSED);
            wasRefused(session, answer, refused.code() + ", " + refused.getMessage());
            answer.refuse(refused);
        } else if (cause instanceof DecodeException bad) {
            counters.count(Counters.Name.EVENTS_REFUSED);
            String message = bad.getMessage();
            wasRefused(session, answer, ErrorCode.INVALID_PAYLOAD.code() + ", " + message);
            answer.refuse(
                    ErrorCode.INVALID_PAYLOAD.code(),
                    message == null ? ErrorCode.INVALID_PAYLOAD.sentence() : message,
                    null);
        } else if (cause instanceof InvalidRoomException || cause instanceof TooManyRoomsException) {
            boolean tooMany = cause instanceof TooManyRoomsException;
            counters.count(Counters.Name.EVENTS_REFUSED);
            lines.info(
                    LOG,
                    client(session),
                    "the event '{}' of session {} was refused: {}",
                    answer.event(),
                    session.id(),
                    cause.getMessage());
            answer.refuse(tooMany ? ErrorCode.TOO_MANY_ROOMS : ErrorCode.INVALID_ROOM);
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

    /** A limit had no room for the event. */
    void exceeded(LocalSession session, Answer answer, Exceeded exceeded) {
        counters.count(Counters.Name.EVENTS_REFUSED);
        wasRefused(session, answer, exceeded.code().code());
        answer.refuse(exceeded.code().code(), exceeded.code().sentence(), exceeded.retryAfter());
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
