package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one answer to one received event: an acknowledgement if the client asked for one, over the connection that asked; else nothing,
 * or the event of an {@linkplain ErrorEvents error} if it went wrong. Further answers are ignored.
 */
final class Answer {
    private final LocalSession session;
    private final SessionConnection connection;
    private final Packet packet;
    private final AnswerEncoder encoder;
    private final String event;
    private final boolean errorFirst;
    private final long mark;
    private @Nullable Published emitted; // the last of the handler, as far as is known
    private boolean given;
    private volatile boolean byHandler;
    private volatile boolean late;

    /** @param errorFirst whether the contract has an error or null in front of its reply */
    Answer(
            LocalSession session,
            SessionConnection connection,
            Packet packet,
            AnswerEncoder encoder,
            String event,
            boolean errorFirst) {
        this.session = session;
        this.connection = connection;
        this.packet = packet;
        this.encoder = encoder;
        this.event = event;
        this.errorFirst = errorFirst;
        this.mark = session.emits().mark();
        this.emitted = isWanted() ? session.emits().underWay() : null; // by the handlers before
    }

    /** What the handler has done on this thread comes before the answer, and before those to the session's next events. */
    void behindThisThread() {
        Published last = session.emits().byThisThread(mark);
        if (last != null) {
            emitted = Publisher.later(emitted, last);
        }
    }

    /** The handler went on elsewhere: what it has emitted through its session there comes before the answer as well. */
    void behindOtherThreads() {
        if (isWanted()) {
            emitted = Publisher.later(emitted, session.emits().since(mark));
        }
    }

    /** The handler gives it by itself, on whatever thread, and may go on. */
    void byHandler() {
        behindOtherThreads();
        byHandler = true;
    }

    /** The name of what is answered. */
    String event() {
        return event;
    }

    boolean isWanted() {
        return packet.hasAckId();
    }

    /**
     * Acknowledges, when the session record holds what the handler changed.
     *
     * @throws EncodeException if that cannot be sent; then the answer is still to be given
     */
    void give(List<? extends @Nullable Object> arguments) {
        EventData encoded = isWanted() ? encoder.arguments(arguments) : null;
        behindThisThread();
        if (claim() && encoded != null) {
            send(encoder.acknowledgement(packet.ackId(), encoded));
        }
    }

    void refuse(EventRefusedException refused) {
        Duration retryAfter = refused.retryAfter().orElse(null);
        Duration restriction =
                retryAfter != null && refused.code().equals(ErrorCode.RESTRICTED.code()) ? retryAfter : Duration.ZERO;
        refuse(refused.code(), refused.getMessage(), retryAfter, null, restriction);
    }

    void refuse(ErrorCode code) {
        refuse(code.code(), code.sentence(), null);
    }

    void refuse(String code, String message, @Nullable Duration retryAfter) {
        refuse(code, message, retryAfter, null, Duration.ZERO);
    }

    /** A limit has no room for the event. What follows for the client it hears even if it has asked for an acknowledgement, or for nothing at all. */
    void refuse(Exceeded exceeded) {
        ErrorCode code = exceeded.code();
        refuse(code.code(), code.sentence(), exceeded.retryAfter(), exceeded.step(), exceeded.restriction());
    }

    private void refuse(
            String code, String message, @Nullable Duration retryAfter, @Nullable Step step, Duration restriction) {
        behindThisThread();
        if (!claim()) {
            return;
        }
        RefusalForm form = encoder.form(errorFirst && isWanted());
        boolean acknowledged = isWanted() && form != RefusalForm.NOTHING;
        if (acknowledged) {
            send(encoder.refusal(packet.ackId(), form, code, message, retryAfter));
        }
        if (step != null) {
            tell(new ErrorEvents.Wrong(event, 0, code, message, retryAfter, step, restriction));
        } else if (!acknowledged) {
            long untold = session.inbox().refused();
            if (untold >= 0 && form != RefusalForm.NOTHING) {
                tell(new ErrorEvents.Wrong(event, untold, code, message, retryAfter, null, restriction));
            }
        }
    }

    private void tell(ErrorEvents.Wrong wrong) {
        OutboundMessage told = encoder.error(wrong);
        if (told != null) {
            send(told);
        }
    }

    /** The handler has returned and may answer from now on, from whatever thread. */
    void later() {
        behindThisThread();
        late = true;
    }

    /** Nobody hears of it: the client waits until its own timeout. */
    void leave() {
        behindThisThread();
        claim();
    }

    private synchronized boolean claim() {
        boolean first = !given;
        given = true;
        return first;
    }

    private void send(OutboundMessage message) {
        if (session.lifecycle().isDismissed()) {
            return; // nothing comes behind the goodbye
        }
        Published before = emitted;
        boolean mayLeave = before == null || session.emits().isPassed(before);
        CompletableFuture<Void> recorded = session.notifier().written().toCompletableFuture();
        if (mayLeave
                && recorded.isDone()
                && !recorded.isCompletedExceptionally()
                && session.deferredAnswers().isEmpty()) {
            connection.send(message);
            if (late) {
                connection.flush(); // the turn that would have is over
            } else if (byHandler) {
                session.inbox().sent();
            }
            return;
        }
        session.deferredAnswers().add(connection, message, recorded, mayLeave ? null : before);
    }
}
