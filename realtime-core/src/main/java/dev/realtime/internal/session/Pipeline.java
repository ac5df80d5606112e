package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.Event.Contract;
import dev.realtime.EventRefusedException;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.users.Rights;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a received event passes, top to bottom: rate gate, decode and validate, permission; then {@link HandlerCalls interceptors, handler, acknowledgement}.
 * Runs in the session's mailbox.
 */
public final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final NamespaceHandlers handlers;
    private final Payloads payloads;
    private final AnswerEncoder answers;
    private final AnswerTimes answerTimes;
    private final EventFailures failures;
    private final CredentialEvents credentials;
    private final String refreshEvent;
    private final String authenticateEvent;
    private final RefusalReporter refusals;
    private final HandlerCalls calls;
    private final IdempotentEvents idempotent;
    private final Time time;
    private final LogContext logs;
    private final Counters counters;
    private final BoundedLog lines;

    /** @param refusals hears of what is refused */
    public Pipeline(
            NodeContext context,
            NamespaceHandlers handlers,
            Payloads payloads,
            PacketEncoder encoder,
            RoomIndex<LocalSession> rooms,
            Fanout<LocalSession> fanout,
            NodeSessions node,
            RefusalReporter refusals) {
        this.handlers = handlers;
        this.payloads = payloads;
        this.answers = new AnswerEncoder(
                payloads,
                encoder,
                new ErrorEvents(payloads, context.clientEvents()),
                handlers.refusals(),
                context.lines());
        this.answerTimes = new AnswerTimes(context.time(), context.counters());
        this.failures = new EventFailures(context.counters(), context.lines(), handlers.errors());
        this.credentials = new CredentialEvents(
                new ShownCredentials(
                        handlers.authenticatorOr(context.authenticator()),
                        context.credentialClock(),
                        context.json(),
                        context.refusals(),
                        new ConnectInterceptors(handlers.connectInterceptors(), node.usersNow(), context.refusals()),
                        context.slowHandlers()),
                new UserConnections(rooms, context.limits().maxConnectionsPerUser()),
                node.users(),
                fanout,
                new TimeoutQueue(
                        context.time(), context.workers(), context.limits().authenticationTimeout()),
                failures,
                context.logs());
        this.refreshEvent = context.refreshEvent();
        this.authenticateEvent = context.authenticateEvent();
        this.refusals = refusals;
        TimeoutQueue handlerDeadlines = new TimeoutQueue(
                context.time(), context.workers(), context.limits().handlerTimeout());
        this.calls = new HandlerCalls(
                handlers.eventInterceptors(),
                payloads,
                handlerDeadlines,
                failures,
                context.time(),
                context.logs(),
                context.traces(),
                context.counters(),
                context.lines());
        this.idempotent =
                new IdempotentEvents(node.idempotent(), handlerDeadlines, failures, context.logs(), calls::handle);
        this.time = context.time();
        this.logs = context.logs();
        this.counters = context.counters();
        this.lines = context.lines();
    }

    /**
     * @param again whether it was {@linkplain Postponed postponed} before
     * @return null when the event has been handled, else what completes when it is, or is to be handled again
     */
    @Nullable
    CompletionStage<?> handle(LocalSession session, SessionConnection connection, Packet packet, boolean again) {
        EventHead head = EventHead.of(packet);
        EventRoute route = handlers.routes().get(head.name());
        if (!again) {
            counters.count(Counters.Name.EVENTS_RECEIVED);
            EngineObserver observer = counters.observer();
            if (observer != null) {
                observer.received(
                        session, route == null ? null : route.contract().name());
            }
        }
        Answer answer = new Answer(session, connection, packet, answers, head.name(), route, answerTimes);
        if (!logs.isOn()) {
            return handle(session, connection, packet, head, route, answer);
        }
        LogContext.Scope scope = answer.logged(logs);
        try {
            return handle(session, connection, packet, head, route, answer);
        } finally {
            scope.close();
        }
    }

    private @Nullable CompletionStage<?> handle(
            LocalSession session,
            SessionConnection connection,
            Packet packet,
            EventHead head,
            @Nullable EventRoute route,
            Answer answer) {
        try {
            if (isRestrictedInSilence(session, head.name(), answer)) {
                return null;
            }
            if (route != null) {
                return handle(session, packet, head, route, answer);
            }
            if (head.name().equals(refreshEvent)) {
                return refresh(session, connection, packet, head, answer);
            }
            if (head.name().equals(authenticateEvent) && handlers.anonymousAllowed() && credentials.exist()) {
                return authenticate(session, connection, packet, head, answer);
            }
            return unknown(session, packet, head, answer);
        } catch (Throwable failure) {
            failures.failed(failure, session, answer);
        }
        return null;
    }

    private @Nullable CompletionStage<?> refresh(
            LocalSession session, SessionConnection connection, Packet packet, EventHead head, Answer answer) {
        Exceeded exceeded = session.rates().admitRefresh(head.name());
        if (exceeded != null) {
            return notTaken(session, exceeded, answer);
        }
        checkFault(packet);
        return credentials.renew(session, connection, head, packet, answer);
    }

    private @Nullable CompletionStage<?> authenticate(
            LocalSession session, SessionConnection connection, Packet packet, EventHead head, Answer answer) {
        Guess guess = new Guess();
        Exceeded exceeded = session.rates().admitAuthentication(head.name(), guess);
        if (exceeded != null) {
            return notTaken(session, exceeded, answer);
        }
        try {
            checkFault(packet);
            return credentials.authenticate(session, connection, head, packet, answer, guess);
        } catch (Throwable failure) {
            guess.hasNotFailed(); // nobody has been asked
            throw failure;
        }
    }

    /** Whoever has to show credentials first may do nothing else before. */
    private void checkKnown(LocalSession session) {
        if (handlers.authenticateWithin() != null && session.principal().anonymous()) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED);
        }
    }

    /** What a client hears before its session ends. */
    @Nullable
    OutboundMessage lastWords(ErrorCode code) {
        return answers.lastWords(authenticateEvent, code);
    }

    private @Nullable CompletionStage<?> handle(
            LocalSession session, Packet packet, EventHead head, EventRoute route, Answer answer) throws Exception {
        Contract<?> contract = route.contract();
        Exceeded exceeded = session.rates().admit(contract.name());
        if (exceeded != null) {
            return notTaken(session, exceeded, answer);
        }
        checkKnown(session);
        checkFault(packet);
        Object payload = payloads.bind(contract, head.arguments(), packet.attachments());
        String permission = contract.permission().orElse(null);
        if (permission != null && !session.may(permission)) {
            counters.count(Counters.Name.EVENTS_FORBIDDEN);
            refusals.permission(session, contract.name(), permission);
            throw new EventRefusedException(ErrorCode.FORBIDDEN);
        }
        if (contract.isSpeech()) {
            checkSilence(session, contract.name(), session.user().rights().mutedFor(time.nanoTime()), ErrorCode.MUTED);
        }
        Idempotency<?> once = route.idempotency();
        return once == null
                ? calls.handle(session, route, payload, answer)
                : idempotent.handle(session, route, payload, answer, once);
    }

    /**
     * What nobody may send of whom that has been decided; credentials may be renewed all the same.
     *
     * @return whether its client has been told so often enough
     */
    private boolean isRestrictedInSilence(LocalSession session, String event, Answer answer) {
        Rights rights = session.user().rights();
        if (rights.isUnchanged() || event.equals(refreshEvent)) {
            return false;
        }
        long wait = rights.restrictedFor(time.nanoTime());
        if (wait > 0 && isToldEnough(session, answer)) {
            return true;
        }
        checkSilence(session, event, wait, ErrorCode.RESTRICTED);
        return false;
    }

    /** Whoever is restricted and goes on sending all the same is not answered for ever. */
    private boolean isToldEnough(LocalSession session, Answer answer) {
        if (session.rates().admitRestrictionNotice()) {
            return false;
        }
        counters.count(Counters.Name.EVENTS_RESTRICTED);
        failures.unanswered(answer, ErrorCode.RESTRICTED.code());
        answer.leave();
        return true;
    }

    /** @param wait in nanoseconds; 0 if there is nothing in the way */
    private void checkSilence(LocalSession session, String event, long wait, ErrorCode code) {
        if (wait > 0) {
            Duration retryAfter = Duration.ofNanos(wait);
            refusals.decision(session, event, code, retryAfter);
            throw new EventRefusedException(code.code(), code.sentence(), retryAfter);
        }
    }

    /** What kept the protocol, but must not be handled. */
    private static void checkFault(Packet packet) {
        Fault fault = packet.fault();
        if (fault != null) {
            ErrorCode code = fault.isSize() ? ErrorCode.PAYLOAD_TOO_LARGE : ErrorCode.INVALID_PAYLOAD;
            throw new EventRefusedException(code.code(), fault.sentence());
        }
    }

    /** Tells the client of an event that there is no room for it in its limits; returns what completes when that is known, if it is not yet. */
    private @Nullable CompletionStage<?> notTaken(LocalSession session, Exceeded exceeded, Answer answer) {
        CompletableFuture<Void> asked = exceeded.asked();
        if (asked != null) {
            return new Postponed(asked);
        }
        if (exceeded.code() != ErrorCode.RESTRICTED || !isToldEnough(session, answer)) {
            failures.exceeded(session, answer, exceeded);
        }
        return null;
    }

    private @Nullable CompletionStage<?> unknown(LocalSession session, Packet packet, EventHead head, Answer answer)
            throws Exception {
        var handler = handlers.unknown();
        SessionRates rates = session.rates();
        String name = head.name();
        Exceeded exceeded = handler == null ? rates.admitUnknown(name) : rates.admitUncontracted(name);
        if (exceeded != null) {
            return notTaken(session, exceeded, answer);
        }
        checkKnown(session);
        checkFault(packet);
        if (handler != null) {
            session.inbox().watch().calls("onUnknown");
            UncontractedEvent event = new UncontractedEvent(head, packet, payloads, answer);
            handler.handle(session, event);
            if (event.isLeftUnanswered()) {
                answer.later();
            } else {
                answer.give(List.of());
            }
            return null;
        }
        counters.count(Counters.Name.EVENTS_UNKNOWN);
        failures.unanswered(answer, ErrorCode.UNKNOWN_EVENT.code());
        lines.info(LOG, client(session), "session {} sent an event without a contract: '{}'", session.id(), name);
        answer.refuse(ErrorCode.UNKNOWN_EVENT);
        return null;
    }

    /** Under what the log counts the lines of whoever is behind a session. */
    private static String client(LocalSession session) {
        return AddressKey.of(session.remoteAddress());
    }
}
