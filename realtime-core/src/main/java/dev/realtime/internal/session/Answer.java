package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.internal.idempotency.Claim;
import dev.realtime.internal.idempotency.Outcome;
import dev.realtime.internal.logs.LogContext;
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
    private final @Nullable String contract;
    private final boolean errorFirst;
    private final AnswerTimes times;
    private final long received;
    private final long mark;
    private @Nullable String correlation; // null until the log wants to know
    private @Nullable Published emitted; // the last of the handler, as far as is known
    private boolean given;
    private volatile boolean byHandler;
    private volatile boolean late;
    private @Nullable Claim claim; // null: what comes of it is nobody else's business
    private boolean isTold; // guarded by this
    private @Nullable CompletableFuture<Void> told; // guarded by this; null until somebody waits for it

    /** @param route null if nothing is known of the event */
    Answer(
            LocalSession session,
            SessionConnection connection,
            Packet packet,
            AnswerEncoder encoder,
            String event,
            @Nullable EventRoute route,
            AnswerTimes times) {
        this.session = session;
        this.connection = connection;
        this.packet = packet;
        this.encoder = encoder;
        this.event = event;
        this.contract = route == null ? null : route.contract().name();
        this.errorFirst = route != null && route.isErrorFirst();
        this.times = times;
        this.received = times.begin(contract);
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

    /** The contract of what is answered; null if there is none. */
    @Nullable
    String contract() {
        return contract;
    }

    /** Says in the log's context that it is about this event, again and again where it goes on elsewhere. */
    LogContext.Scope logged(LogContext logs) {
        if (logs.isOn() && correlation == null) {
            correlation = logs.correlation();
        }
        return session.logged(logs, event, correlation);
    }

    boolean isWanted() {
        return packet.hasAckId();
    }

    // ---- of a request that is handled once

    /** Before the handler runs: what comes of it is told when it is settled, to all who have asked the same. */
    void settles(Claim of) {
        claim = of;
    }

    boolean isOnce() {
        return claim != null;
    }

    private void settle(Claim of, Outcome outcome) {
        Published before = emitted;
        CompletableFuture<?> placed = before == null || session.emits().isPassed(before)
                ? null
                : before.place().toCompletableFuture();
        CompletableFuture<Void> recorded = session.notifier().written().toCompletableFuture();
        if ((placed == null || placed.isDone()) && recorded.isDone()) {
            settled(of, outcome);
            return;
        }
        // whoever is told of it finds the handler's events in the log and its changes in the record; what has failed
        // is not done better by another handler
        var unused = (placed == null ? recorded : CompletableFuture.allOf(placed, recorded))
                .whenComplete((done, failure) -> settled(of, outcome));
    }

    private void settled(Claim of, Outcome outcome) {
        var unused = of.settle(outcome).thenAccept(this::tell);
    }

    /** Tells the client what came of its request, here or elsewhere. */
    void tell(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            tellRefusal(refused.code(), refused.message(), refused.retryAfter(), null, Duration.ZERO);
        } else if (claim() && isWanted()) {
            send(encoder.acknowledgement(packet.ackId(), ((Outcome.Replied) outcome).arguments()), true);
        }
        CompletableFuture<Void> waited;
        synchronized (this) {
            isTold = true;
            waited = told;
        }
        if (waited != null) {
            waited.complete(null);
        }
    }

    /** The client has waited long enough, whatever comes of its request. */
    void timeOut() {
        behindThisThread();
        tell(Outcome.refused(ErrorCode.TIMEOUT));
    }

    /** Completes when the client has been told; null when it has been. */
    synchronized @Nullable CompletableFuture<Void> untilTold() {
        if (isTold) {
            return null;
        }
        if (told == null) {
            told = new CompletableFuture<>();
        }
        return told;
    }

    // ---- what is answered

    /**
     * Acknowledges, when the session record holds what the handler changed.
     *
     * @throws EncodeException if that cannot be sent; then the answer is still to be given
     */
    void give(List<? extends @Nullable Object> arguments) {
        Claim settling = claim;
        EventData encoded = isWanted() || settling != null ? encoder.arguments(arguments) : null;
        behindThisThread();
        if (settling != null && encoded != null) {
            settle(settling, new Outcome.Replied(encoded));
            return;
        }
        if (claim() && encoded != null) {
            send(encoder.acknowledgement(packet.ackId(), encoded), true);
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
        Claim settling = claim;
        if (settling == null) {
            tellRefusal(code, message, retryAfter, step, restriction);
        } else {
            settle(settling, new Outcome.Refused(code, message, retryAfter));
        }
    }

    private void tellRefusal(
            String code, String message, @Nullable Duration retryAfter, @Nullable Step step, Duration restriction) {
        if (!claim()) {
            return;
        }
        RefusalForm form = encoder.form(errorFirst && isWanted());
        boolean acknowledged = isWanted() && form != RefusalForm.NOTHING;
        if (acknowledged) {
            send(encoder.refusal(packet.ackId(), form, code, message, retryAfter), true);
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
            send(told, false);
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
        Claim settling = claim;
        if (settling != null) {
            settle(settling, Outcome.refused(ErrorCode.REFUSED));
        }
    }

    private synchronized boolean claim() {
        boolean first = !given;
        given = true;
        return first;
    }

    /** Whether somebody wants to know how long it takes. */
    boolean isTimed() {
        return received != AnswerTimes.NOT_TIMED;
    }

    /** It is on its way to its client. */
    void left() {
        times.end(contract, received);
    }

    private void send(OutboundMessage message, boolean acknowledges) {
        if (session.lifecycle().isDismissed()) {
            return; // nothing comes behind the goodbye
        }
        try {
            sendInTurn(message, acknowledges);
        } catch (RuntimeException | Error e) { // the client would wait for what does not come
            connection.close(DisconnectReason.TRANSPORT_ERROR);
            throw e;
        }
    }

    private void sendInTurn(OutboundMessage message, boolean acknowledges) {
        Published before = emitted;
        boolean mayLeave = before == null || session.emits().isPassed(before);
        CompletableFuture<Void> recorded = session.notifier().written().toCompletableFuture();
        if (mayLeave
                && recorded.isDone()
                && !recorded.isCompletedExceptionally()
                && session.deferredAnswers().isEmpty()) {
            connection.send(message);
            if (acknowledges) {
                left();
            }
            if (late) {
                connection.flush(); // the turn that would have is over
            } else if (byHandler) {
                session.inbox().sent();
            }
            return;
        }
        session.deferredAnswers()
                .add(acknowledges ? this : null, connection, message, recorded, mayLeave ? null : before);
    }
}
