package dev.realtime.internal.setup;

import dev.realtime.Authenticator;
import dev.realtime.ConnectInterceptor;
import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.EventInterceptor;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.batches.Batches;
import dev.realtime.envelope.HeaderListener;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.session.DeclaredState;
import dev.realtime.internal.session.ErrorListeners;
import dev.realtime.internal.session.EventRoute;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.RoomRules;
import dev.realtime.internal.session.ServerRoute;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusalListener;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.Status;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.state.State;
import dev.realtime.state.StateListener;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listens to the application's setup and makes a {@link NamespaceHandlers} of it. */
final class SetupCollector implements NamespaceSetup {
    private final List<SessionListener> onConnect = new ArrayList<>();
    private final List<SessionEndListener> onSuspend = new ArrayList<>();
    private final List<SessionListener> onResume = new ArrayList<>();
    private final List<SessionEndListener> onDisconnect = new ArrayList<>();
    private final List<SessionListener> onMoved = new ArrayList<>();
    private final List<FreshListener> onFresh = new ArrayList<>();
    private final List<ErrorListener> onError = new ArrayList<>();
    private final List<RefusalListener> onRefusal = new ArrayList<>();
    private final List<HeaderListener> onHeaders = new ArrayList<>();
    private final Routes routes = new Routes();
    private final List<ConnectInterceptor> connectInterceptors = new ArrayList<>();
    private final List<EventInterceptor> eventInterceptors = new ArrayList<>();
    private @Nullable UnknownEventHandler unknown;
    private RefusalForm refusals = RefusalForm.VALUE;
    private @Nullable RateLimit limit;
    private @Nullable Authenticator authenticator;
    private boolean anonymousAllowed;
    private @Nullable Duration authenticateWithin;
    private final List<SessionListener> onAuthenticate = new ArrayList<>();
    private @Nullable Duration revalidatedEvery;
    private @Nullable Revalidation revalidation;
    private final List<RoomListener> onRoomLost = new ArrayList<>();
    private final Map<String, RoomRule> roomRules = new HashMap<>();
    private @Nullable FeatureRule features;
    private @Nullable AbsenceAudience absencesTo;
    private boolean direct;
    private @Nullable Duration tick;
    private @Nullable Batches batches;
    private @Nullable Throttle throttle;
    private @Nullable PresenceOptions presence;
    private @Nullable ScheduleOptions schedule;
    private @Nullable MailOptions mail;
    private final Map<String, DeclaredState<?>> states = new LinkedHashMap<>();
    private boolean complete;

    static NamespaceHandlers collect(Consumer<NamespaceSetup> setup) {
        SetupCollector collected = new SetupCollector();
        setup.accept(collected);
        collected.addStatusEvent();
        collected.complete = true;
        return new NamespaceHandlers(
                List.copyOf(collected.onConnect),
                List.copyOf(collected.onSuspend),
                List.copyOf(collected.onResume),
                List.copyOf(collected.onDisconnect),
                List.copyOf(collected.onMoved),
                List.copyOf(collected.onFresh),
                new ErrorListeners(collected.onError),
                List.copyOf(collected.onRefusal),
                List.copyOf(collected.onHeaders),
                collected.routes.ofClients(),
                collected.routes.ofServers(),
                collected.unknown,
                collected.refusals,
                collected.limit,
                List.copyOf(collected.connectInterceptors),
                List.copyOf(collected.eventInterceptors),
                collected.authenticator,
                collected.anonymousAllowed,
                collected.authenticateWithin,
                List.copyOf(collected.onAuthenticate),
                collected.revalidatedEvery,
                collected.revalidation,
                List.copyOf(collected.onRoomLost),
                new RoomRules(collected.roomRules),
                collected.features,
                collected.absencesTo,
                collected.direct,
                collected.tick,
                collected.batches,
                collected.throttle,
                collected.presence,
                collected.schedule,
                collected.mail,
                List.copyOf(collected.states.values()));
    }

    @Override
    public NamespaceSetup onConnect(SessionListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onConnect.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onSuspend(SessionEndListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onSuspend.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onResume(SessionListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onResume.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onDisconnect(SessionEndListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onDisconnect.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onMoved(SessionListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onMoved.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onFresh(FreshListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onFresh.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup features(FeatureRule rule) {
        checkOpen();
        Objects.requireNonNull(rule, "rule");
        features = rule;
        return this;
    }

    @Override
    public NamespaceSetup absencesTo(AbsenceAudience audience) {
        checkOpen();
        Objects.requireNonNull(audience, "audience");
        absencesTo = audience;
        return this;
    }

    @Override
    public NamespaceSetup onError(ErrorListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onError.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onRefusal(RefusalListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onRefusal.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup onHeaders(HeaderListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onHeaders.add(listener);
        return this;
    }

    @Override
    public <T> NamespaceSetup on(Event<T> event, EventHandler<T> handler) {
        checkOpen();
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(handler, "handler");
        return route(new EventRoute.OfEvent<>(event.contract(), handler));
    }

    @Override
    public <T, R> NamespaceSetup on(Request<T, R> request, RequestHandler<T, R> handler) {
        checkOpen();
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        return route(new EventRoute.OfRequest<>(request, handler));
    }

    @Override
    public <T, R> NamespaceSetup onAsync(Request<T, R> request, AsyncRequestHandler<T, R> handler) {
        checkOpen();
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        return route(new EventRoute.OfAsyncRequest<>(request, handler));
    }

    @Override
    public <T, R> NamespaceSetup onAcknowledge(Request<T, R> request, AcknowledgingHandler<T, R> handler) {
        checkOpen();
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        return route(new EventRoute.OfAcknowledging<>(request, handler));
    }

    /** What is set up afterwards would never be looked at. */
    private void checkOpen() {
        if (complete) {
            throw new IllegalStateException(
                    "a namespace is set up only while the builder calls its setup function, which has returned");
        }
    }

    private NamespaceSetup route(EventRoute route) {
        routes.add(route);
        return this;
    }

    @Override
    public <T> NamespaceSetup onServer(Event<T> event, ServerEventHandler<T> handler) {
        checkOpen();
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(handler, "handler");
        return route(new ServerRoute.OfEvent<>(event.contract(), handler));
    }

    @Override
    public <T, R> NamespaceSetup onServer(Request<T, R> request, ServerRequestHandler<T, R> handler) {
        checkOpen();
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        return route(new ServerRoute.OfRequest<>(request, handler));
    }

    private NamespaceSetup route(ServerRoute route) {
        routes.add(route);
        return this;
    }

    @Override
    public NamespaceSetup onUnknown(UnknownEventHandler handler) {
        checkOpen();
        Objects.requireNonNull(handler, "handler");
        unknown = handler;
        return this;
    }

    @Override
    public NamespaceSetup refusals(RefusalForm form) {
        checkOpen();
        Objects.requireNonNull(form, "form");
        refusals = form;
        return this;
    }

    @Override
    public NamespaceSetup limit(RateLimit value) {
        checkOpen();
        Objects.requireNonNull(value, "limit");
        Range.check(
                value.category().isEmpty(),
                "limit",
                "without a category: it is for all events of the namespace",
                value);
        limit = value;
        return this;
    }

    @Override
    public NamespaceSetup intercept(ConnectInterceptor interceptor) {
        checkOpen();
        Objects.requireNonNull(interceptor, "interceptor");
        connectInterceptors.add(interceptor);
        return this;
    }

    @Override
    public NamespaceSetup intercept(EventInterceptor interceptor) {
        checkOpen();
        Objects.requireNonNull(interceptor, "interceptor");
        eventInterceptors.add(interceptor);
        return this;
    }

    @Override
    public NamespaceSetup authenticator(Authenticator value) {
        checkOpen();
        authenticator = Objects.requireNonNull(value, "authenticator");
        return this;
    }

    @Override
    public NamespaceSetup allowAnonymous() {
        checkOpen();
        anonymousAllowed = true;
        authenticateWithin = null;
        return this;
    }

    @Override
    public NamespaceSetup authenticateWithin(Duration deadline) {
        checkOpen();
        Objects.requireNonNull(deadline, "deadline");
        anonymousAllowed = true;
        authenticateWithin = Range.between(Duration.ofSeconds(1), Duration.ofHours(1), "authenticateWithin", deadline);
        return this;
    }

    @Override
    public NamespaceSetup onAuthenticate(SessionListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onAuthenticate.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup revalidate(Duration period, Revalidation hook) {
        checkOpen();
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(hook, "hook");
        revalidatedEvery = Range.between(Duration.ofSeconds(1), Duration.ofDays(1), "revalidate", period);
        revalidation = hook;
        return this;
    }

    @Override
    public NamespaceSetup joins(RoomKind kind, RoomRule rule) {
        checkOpen();
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(rule, "rule");
        roomRules.put(kind.name(), rule);
        return this;
    }

    @Override
    public NamespaceSetup protect(RoomKind kind) {
        checkOpen();
        Objects.requireNonNull(kind, "kind");
        roomRules.putIfAbsent(kind.name(), (principal, room) -> false);
        return this;
    }

    @Override
    public NamespaceSetup onRoomLost(RoomListener listener) {
        checkOpen();
        Objects.requireNonNull(listener, "listener");
        onRoomLost.add(listener);
        return this;
    }

    @Override
    public NamespaceSetup directExecutor() {
        checkOpen();
        direct = true;
        return this;
    }

    @Override
    public NamespaceSetup presence(PresenceOptions options) {
        checkOpen();
        Objects.requireNonNull(options, "options");
        presence = options;
        return this;
    }

    @Override
    public NamespaceSetup schedule(ScheduleOptions options) {
        checkOpen();
        Objects.requireNonNull(options, "options");
        schedule = options;
        return this;
    }

    @Override
    public NamespaceSetup mail(MailOptions options) {
        checkOpen();
        Objects.requireNonNull(options, "options");
        mail = options;
        return this;
    }

    @Override
    public <T> NamespaceSetup state(State<T> contract) {
        return state(contract, List.of());
    }

    @Override
    public <T> NamespaceSetup state(State<T> contract, StateListener<T> listener) {
        Objects.requireNonNull(listener, "listener");
        return state(contract, List.of(listener));
    }

    private <T> NamespaceSetup state(State<T> contract, List<StateListener<T>> listeners) {
        checkOpen();
        Objects.requireNonNull(contract, "contract");
        if (states.putIfAbsent(contract.name(), new DeclaredState<>(contract, listeners)) != null) {
            throw new IllegalArgumentException("state '" + contract + "' is declared twice; once is right");
        }
        return this;
    }

    /** By which clients say whether they are away. */
    private void addStatusEvent() {
        if (presence != null && !presence.statusEvent().isEmpty()) {
            on(Event.of(presence.statusEvent(), String.class).limit(presence.statusLimit()), SetupCollector::setStatus);
        }
    }

    private static void setStatus(Session session, String status) {
        Presence presence = session.namespace().presence();
        if (status.equals(Status.AWAY.word())) {
            presence.away(session);
        } else if (status.equals(Status.CONNECTED.word())) {
            presence.back(session);
        } else {
            throw new EventRefusedException(
                    ErrorCode.INVALID_PAYLOAD.code(),
                    "a status is '" + Status.CONNECTED.word() + "' or '" + Status.AWAY.word() + "'");
        }
    }

    @Override
    public NamespaceSetup tick(Duration period) {
        checkOpen();
        Objects.requireNonNull(period, "period");
        if (period.toMillis() < 5 || period.toMillis() > 10_000) {
            throw new IllegalArgumentException("tick must be between 5 ms and 10 s, but is " + period);
        }
        tick = period;
        return this;
    }

    @Override
    public NamespaceSetup batches(Batches options) {
        checkOpen();
        Objects.requireNonNull(options, "options");
        batches = options;
        return this;
    }

    @Override
    public NamespaceSetup throttle(Throttle options) {
        checkOpen();
        Objects.requireNonNull(options, "options");
        throttle = options;
        return this;
    }
}
