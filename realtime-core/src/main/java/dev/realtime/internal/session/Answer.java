package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one answer to one received event: an acknowledgement if the client asked for one, over the connection that asked; else nothing,
 * or the event {@code realtime:error} if it went wrong. Further answers are ignored.
 */
final class Answer {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    /** Tells a client about an error nobody waits for. */
    private static final String ERROR = "realtime:error";

    private final LocalSession session;
    private final SessionConnection connection;
    private final Packet packet;
    private final Payloads payloads;
    private final String event;
    private final boolean errorFirst;
    private final long mark;
    private @Nullable Published emitted; // the last of the handler, as far as is known
    private boolean given;
    private volatile boolean late;

    /** @param errorFirst whether the contract has an error or null in front of its reply */
    Answer(
            LocalSession session,
            SessionConnection connection,
            Packet packet,
            Payloads payloads,
            String event,
            boolean errorFirst) {
        this.session = session;
        this.connection = connection;
        this.packet = packet;
        this.payloads = payloads;
        this.event = event;
        this.errorFirst = errorFirst;
        this.mark = session.scope().publisher().mark();
        this.emitted = isWanted() ? session.emits().underWay() : null; // by the handlers before
    }

    /** What the handler has done on this thread comes before the answer, and before those to the session's next events. */
    void behindThisThread() {
        Published last = session.scope().publisher().since(mark);
        if (last != null) {
            session.published(last);
            emitted = Publisher.later(emitted, last);
        }
    }

    /** The handler went on elsewhere: what it has emitted through its session there comes before the answer as well. */
    void behindOtherThreads() {
        if (isWanted()) {
            emitted = Publisher.later(emitted, session.emits().since(mark));
        }
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
        EventData encoded = isWanted() ? payloads.reply(arguments) : null;
        behindThisThread();
        if (claim() && encoded != null) {
            send(encoded);
        }
    }

    void refuse(EventRefusedException refused) {
        refuse(refused.code(), refused.getMessage(), refused.retryAfter().orElse(null));
    }

    void refuse(ErrorCode code) {
        refuse(code.code(), code.sentence(), null);
    }

    void refuse(String code, String message, @Nullable Duration retryAfter) {
        behindThisThread();
        if (!claim()) {
            return;
        }
        RefusalForm form = errorFirst && isWanted()
                ? RefusalForm.ERROR_FIRST
                : session.scope().handlers().refusals();
        long untold =
                isWanted() && form != RefusalForm.NOTHING ? 0 : session.inbox().refused();
        if (untold < 0 || form == RefusalForm.NOTHING) {
            return;
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (retryAfter != null) {
            error.put("retryAfterMs", Math.max(1, (retryAfter.toNanos() + 999_999) / 1_000_000));
        }
        if (isWanted()) {
            send(payloads.reply(List.of(form == RefusalForm.ERROR_FIRST ? error : Map.of("error", error))));
            return;
        }
        error.put("event", event);
        if (untold > 0) {
            error.put("untold", untold);
        }
        EventData told;
        try {
            told = payloads.event(ERROR, error);
        } catch (EncodeException e) {
            session.scope()
                    .context()
                    .lines()
                    .error(LOG, event, "the refusal of '{}' cannot be encoded, and its client is not told", event, e);
            return;
        }
        // straight to the client: a flood of refusals is no burden to the fan-out
        send(OutboundMessage.volatileMessage(session.scope().encoder().event(told, -1, null), null));
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

    private void send(EventData arguments) {
        send(OutboundMessage.control(session.scope()
                .encoder()
                .ack(packet.ackId(), arguments.json(), new ArrayList<>(arguments.attachments()))));
    }

    private void send(OutboundMessage message) {
        if (session.lifecycle().isDismissed()) {
            return; // nothing comes behind the goodbye
        }
        Published before = emitted;
        boolean mayLeave = before == null || session.scope().publisher().isPassed(before);
        CompletableFuture<Void> recorded = session.written().toCompletableFuture();
        if (mayLeave
                && recorded.isDone()
                && !recorded.isCompletedExceptionally()
                && session.deferredAnswers().isEmpty()) {
            connection.send(message);
            if (late) {
                connection.flush(); // the turn that would have is over
            }
            return;
        }
        session.deferredAnswers().add(connection, message, recorded, mayLeave ? null : before);
    }
}
