package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.EventInterceptor;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.traces.TracedWork;
import dev.realtime.internal.traces.Traces;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.EngineTracer;
import dev.realtime.spi.Time;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an event meets once it may be handled: the interceptors, the handler, and the acknowledgement of what comes of it. Says how long it took to whoever
 * observes the node. Runs in the session's mailbox.
 */
final class HandlerCalls {
    private final List<EventInterceptor> interceptors;
    private final Payloads payloads;
    private final TimeoutQueue deadlines;
    private final EventFailures failures;
    private final Time time;
    private final LogContext logs;
    private final Traces traces;
    private final Counters counters;
    private final BoundedLog lines;

    /** @param deadlines of handlers that answer later */
    HandlerCalls(
            List<EventInterceptor> interceptors,
            Payloads payloads,
            TimeoutQueue deadlines,
            EventFailures failures,
            Time time,
            LogContext logs,
            Traces traces,
            Counters counters,
            BoundedLog lines) {
        this.interceptors = interceptors;
        this.payloads = payloads;
        this.deadlines = deadlines;
        this.failures = failures;
        this.time = time;
        this.logs = logs;
        this.traces = traces;
        this.counters = counters;
        this.lines = lines;
    }

    /** Returns null when the event has been handled, else what completes when it is. */
    @Nullable
    CompletionStage<?> handle(LocalSession session, EventRoute route, @Nullable Object payload, Answer answer)
            throws Exception {
        session.inbox().watch().calls(route.contract().name());
        if (interceptors.isEmpty()) {
            return call(session, route, payload, answer);
        }
        Chain chain = new Chain(session, route, payload, answer);
        chain.proceed();
        if (!chain.called && answer.isWanted()) {
            answer.refuse(ErrorCode.REFUSED);
        } else if (!chain.called && answer.isOnce()) {
            answer.leave();
        }
        return chain.pending;
    }

    private @Nullable CompletionStage<?> call(
            LocalSession session, EventRoute route, @Nullable Object payload, Answer answer) throws Exception {
        if (!traces.isOn()) {
            return call(session, route, payload, answer, TracedWork.NONE);
        }
        SessionConnection from = session.connection().current();
        TracedWork work = traces.handling(
                session.namespace().name(), route.contract().name(), from == null ? null : from.request());
        CompletionStage<?> pending;
        EngineTracer.Scope scope = work.enter();
        try {
            pending = call(session, route, payload, answer, work);
        } catch (Throwable failure) {
            work.end(failure);
            throw failure;
        } finally {
            scope.close();
        }
        if (pending == null) {
            work.end(null);
        }
        return pending;
    }

    private @Nullable CompletionStage<?> call(
            LocalSession session, EventRoute route, @Nullable Object payload, Answer answer, TracedWork work)
            throws Exception {
        EngineObserver observer = counters.observer();
        if (observer == null) {
            return callHandler(session, route, payload, answer, work);
        }
        long began = answer.isTimed() ? time.nanoTime() : 0;
        try {
            CompletionStage<?> pending = callHandler(session, route, payload, answer, work);
            if (!(route instanceof EventRoute.OfAsyncRequest<?, ?>)) {
                handled(observer, route, null, answer, began);
            }
            return pending;
        } catch (Throwable failure) {
            handled(observer, route, failure, answer, began);
            throw failure;
        }
    }

    /** @param began when, if the answer is timed */
    private void handled(
            EngineObserver observer, EventRoute route, @Nullable Throwable failure, Answer answer, long began) {
        EngineObserver.Outcome outcome = failure == null
                ? EngineObserver.Outcome.HANDLED
                : EventFailures.isRefusal(failure) ? EngineObserver.Outcome.REFUSED : EngineObserver.Outcome.FAILED;
        observer.handled(
                route.contract().name(),
                outcome,
                answer.isTimed() ? time.nanoTime() - began : EngineObserver.NOT_TIMED);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the payload was bound by this route's own contract; Void means null
    private @Nullable CompletionStage<?> callHandler(
            LocalSession session, EventRoute route, @Nullable Object payload, Answer answer, TracedWork work)
            throws Exception {
        if (route instanceof EventRoute.OfEvent<?> event) {
            ((EventRoute.OfEvent<@Nullable Object>) event).handler().handle(session, payload);
            if (event.contract().isAcknowledged()) {
                answer.give(List.of());
            } else {
                answer.leave();
            }
            return null;
        }
        if (route instanceof EventRoute.OfRequest<?, ?> request) {
            Object reply = ((EventRoute.OfRequest<@Nullable Object, ?>) request)
                    .handler()
                    .handle(session, payload);
            answer.give(payloads.arguments(request.request(), reply));
            return null;
        }
        if (route instanceof EventRoute.OfAcknowledging<?, ?> request) {
            acknowledging((EventRoute.OfAcknowledging<@Nullable Object, ?>) request, session, payload, answer);
            return null;
        }
        EventRoute.OfAsyncRequest<@Nullable Object, ?> request = (EventRoute.OfAsyncRequest<@Nullable Object, ?>) route;
        EngineObserver observer = counters.observer();
        long began = observer != null && answer.isTimed() ? time.nanoTime() : 0;
        CompletionStage<?> stage = Objects.requireNonNull(
                request.handler().handle(session, payload), "the handler returned null instead of a stage");
        answer.behindThisThread();
        if (work != TracedWork.NONE) {
            var unused = stage.whenComplete((reply, failure) -> work.end(EventFailures.causeOf(failure)));
        }
        return new AsyncAnswer(
                        counters,
                        lines,
                        deadlines,
                        logs,
                        session,
                        request.contract().name(),
                        answer)
                .of(
                        stage,
                        reply -> {
                            answer.give(payloads.arguments(request.request(), reply));
                            if (observer != null) {
                                handled(observer, request, null, answer, began);
                            }
                        },
                        failure -> {
                            failures.failed(failure, session, answer);
                            if (observer != null) {
                                handled(observer, request, failure, answer, began);
                            }
                        },
                        work::end);
    }

    @SuppressWarnings("NullAway") // the payload was bound by this route's own contract
    private <R> void acknowledging(
            EventRoute.OfAcknowledging<@Nullable Object, R> route,
            LocalSession session,
            @Nullable Object payload,
            Answer answer)
            throws Exception {
        route.handler().handle(session, payload, new GivenAcknowledgement<>(route.request(), payloads, answer));
        answer.later();
    }

    /** The interceptors around one event, then its handler. */
    private final class Chain implements EventInterceptor.Next {
        private final LocalSession session;
        private final EventRoute route;
        private final @Nullable Object payload;
        private final Answer answer;
        private int next;
        private boolean called;
        private @Nullable CompletionStage<?> pending;

        Chain(LocalSession session, EventRoute route, @Nullable Object payload, Answer answer) {
            this.session = session;
            this.route = route;
            this.payload = payload;
            this.answer = answer;
        }

        @Override
        public void proceed() throws Exception {
            if (next < interceptors.size()) {
                interceptors.get(next++).handle(session, route.contract(), payload, this);
            } else if (!called) {
                called = true;
                pending = call(session, route, payload, answer);
            }
        }
    }
}
