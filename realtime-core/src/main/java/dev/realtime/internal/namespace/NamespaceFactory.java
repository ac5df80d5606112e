package dev.realtime.internal.namespace;

import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.batches.Batches;
import dev.realtime.internal.audience.Audiences;
import dev.realtime.internal.batches.Batching;
import dev.realtime.internal.drain.PacedQueue;
import dev.realtime.internal.fanout.EventMessages;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.Throttling;
import dev.realtime.internal.idempotency.IdempotentRequests;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.limits.SuspendedSessions;
import dev.realtime.internal.mail.MailEmits;
import dev.realtime.internal.mail.MailParts;
import dev.realtime.internal.mail.NamespaceMail;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.presence.PresenceParts;
import dev.realtime.internal.recovery.ConnectAuthentication;
import dev.realtime.internal.recovery.FreshSessions;
import dev.realtime.internal.recovery.NamespaceRecovery;
import dev.realtime.internal.recovery.RecoveryScope;
import dev.realtime.internal.recovery.RecoveryServices;
import dev.realtime.internal.requests.LocalRequests;
import dev.realtime.internal.requests.NamespaceBus;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.requests.ServerEvents;
import dev.realtime.internal.requests.VolatileForwarder;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.schedule.NamespaceSchedule;
import dev.realtime.internal.session.AckIds;
import dev.realtime.internal.session.ClientRequests;
import dev.realtime.internal.session.DeclaredState;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.NodeSessions;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Pipeline;
import dev.realtime.internal.session.Publisher;
import dev.realtime.internal.session.ReplyReader;
import dev.realtime.internal.session.SessionChanges;
import dev.realtime.internal.session.SessionFactory;
import dev.realtime.internal.session.SessionRecords;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.internal.session.TimeoutQueue;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.state.NamespaceStates;
import dev.realtime.internal.state.StateParts;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Log;
import dev.realtime.spi.Retention;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateListener;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the namespaces of a node, and gives the parts of each what they use. Thread-safe. */
final class NamespaceFactory {
    /** Of presence at once, in bytes: a client that reads has room for several times as much. */
    private static final int MOST_TOLD = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceFactory.class);
    /** What a handler has sent waits so long at most for the handlers of the session's next events. */
    private static final Duration LONGEST_HOLD = Duration.ofMillis(1);
    /** Connections that are closed in a second because others have taken their sessions over. */
    private static final int DEPARTURES_PER_SECOND = 1_000;

    private final Realtime realtime;
    private final NodeContext context;
    private final NodeRuntime runtime;
    private final NodeSessions node;
    private final AtomicLong stateWrites = new AtomicLong();
    private final RecoveryServices recoveryServices;

    NamespaceFactory(Realtime realtime, NodeContext context, RecoveryServices recoveryServices) {
        this.realtime = realtime;
        this.context = context;
        this.runtime = context.runtime();
        EndedSessions ended = new EndedSessions(
                context.backend().sessions(),
                context.time(),
                context.workers(),
                context.limits().authenticationTimeout(),
                context.lease().dividedBy(3));
        this.node = new NodeSessions(
                new SuspendedSessions(context.limits()),
                ended,
                new PacedQueue(runtime, DEPARTURES_PER_SECOND),
                new SessionRecords(context, ended),
                new TimeoutQueue(context.time(), context.workers(), LONGEST_HOLD),
                new IdempotentRequests(
                        context.runtime(),
                        context.backend(),
                        context.lease(),
                        context.limits().handlerTimeout()),
                recoveryServices.users());
        this.recoveryServices = recoveryServices;
    }

    /** What the sessions of all namespaces share. */
    NodeSessions node() {
        return node;
    }

    /**
     * Makes a namespace, which follows its log from where that is now.
     *
     * @param share see {@link Retention#share()}
     * @param rates those of all namespaces that one configuration describes
     * @param emptied called when the last session has ended
     */
    LocalNamespace create(
            String name, NamespaceHandlers handlers, @Nullable String share, EventRates rates, Runnable emptied) {
        Log log = context.backend().log(name, context.node(), retention(share));
        Position from = log.tail();
        PacketEncoder encoder = PacketEncoder.of(name);
        SessionRegistry sessions = new SessionRegistry();
        Bus others = context.backend().bus(name, context.node());
        PassedPosition passed = new PassedPosition(from);
        RoomIndex<LocalSession> rooms = new RoomIndex<>(log::tail, passed::get, sessions::presenceOf);
        Fanout<LocalSession> fanout = new Fanout<>(
                runtime,
                context.recovery(),
                messages(encoder, handlers.batches()),
                rooms,
                from,
                context.retention(),
                handlers.tick(),
                throttling(handlers),
                log::now,
                new VolatileForwarder(sessions, others));
        passed.fanout = fanout;
        Payloads payloads = new Payloads(
                context.json(),
                context.limits().maxEventSize(),
                () -> context.counters().count(Counters.Name.EVENTS_UNENCODABLE));
        ReplyReader replies = new ReplyReader(payloads, context.lines());
        Publisher publisher = new Publisher(
                name, runtime, context.lifetime(), context.limits().emitTimeout(), log, fanout);
        AckIds ackIds = new AckIds(context.ids());
        LocalRequests here = new LocalRequests(encoder, ackIds, publisher, rooms, fanout, context.workers());
        NamespaceBus bus = new NamespaceBus(
                sessions,
                rooms,
                log,
                fanout,
                here,
                new ServerEvents(name, runtime, handlers, payloads, others),
                others,
                context.ids(),
                runtime);
        ClientRequests asks =
                new ClientRequests(runtime, context.lifetime(), payloads, replies, encoder, ackIds, publisher, fanout);
        RefusalReporter refusals = new RefusalReporter(context.nodeLimits().reports(), handlers.onRefusal());
        Pipeline pipeline = new Pipeline(context, handlers, payloads, encoder, rooms, fanout, node, refusals);
        LaterEmits later = new LaterEmits(name, context.time(), schedule(name, handlers, log));
        NamespaceRequests requests =
                new NamespaceRequests(name, runtime, context.lifetime(), bus, here, replies, context.json());
        Envelopes envelopes = new Envelopes(payloads, runtime.time()::now);
        MailEmits mail = new MailEmits(name, mail(name, handlers, log, envelopes, rooms, asks));
        LocalNamespace made = new LocalNamespace(
                realtime,
                name,
                runtime,
                context.backend(),
                log,
                sessions,
                rooms,
                fanout,
                payloads,
                publisher,
                new Audiences(payloads, envelopes, publisher, requests, later, mail, rooms),
                bus,
                requests,
                later,
                mail,
                context.lifetime(),
                namespace -> presence(namespace, handlers, log, others, fanout, sessions),
                namespace -> states(namespace, handlers, payloads, log, fanout, rooms),
                namespace -> {
                    NamespacePresence presence = namespace.presenceHere();
                    SessionFactory factory = new SessionFactory(
                            context,
                            node,
                            namespace,
                            handlers,
                            pipeline,
                            rates,
                            refusals,
                            encoder,
                            publisher,
                            fanout,
                            rooms,
                            asks,
                            SessionChanges.both(mail.here(), SessionChanges.both(presence, namespace.statesHere())),
                            namespace::closed);
                    RecoveryScope scope = new RecoveryScope(
                            name,
                            runtime,
                            context.backend(),
                            context.limits(),
                            context.outbox(),
                            node.roomRules(handlers),
                            factory,
                            log,
                            rooms,
                            fanout,
                            node.ended(),
                            refusals,
                            presence);
                    return new NamespaceRecovery(
                            scope,
                            sessions,
                            others,
                            from,
                            recoveryServices,
                            new ConnectAuthentication(
                                    name,
                                    handlers,
                                    handlers.authenticatorOr(context.authenticator()),
                                    node.usersNow(),
                                    context.credentialClock(),
                                    context.refusals(),
                                    context.clientEvents()
                                                    .lifecycle()
                                                    .confirmed()
                                                    .isPresent()
                                            ? handlers.features()
                                            : null,
                                    payloads,
                                    context.logs(),
                                    context.slowHandlers()),
                            new FreshSessions(
                                    factory,
                                    sessions,
                                    context.ids(),
                                    context.recovery().isOn(),
                                    runtime),
                            namespace::arrived);
                },
                emptied);
        NamespacePresence notes = made.presenceHere();
        NamespaceStates states = made.statesHere();
        NamespaceMail kept = mail.here();
        fanout.notesTo((at, note) -> {
            if (kept != null && note.kind().equals(NamespaceMail.NOTE)) {
                kept.told(note.text());
            }
            if (states != null) {
                states.read(at, note);
            }
            return notes == null ? null : notes.read(at, note);
        });
        if (!handlers.onHeaders().isEmpty() || context.traces().isOn()) {
            fanout.headersTo(new HeaderListeners(name, handlers, context.runtime()));
        }
        log.follow(from, log.lendsThread() ? fanout::entriesHere : fanout::entries);
        bus.start();
        later.start();
        if (notes != null) {
            notes.start();
        }
        return made;
    }

    private @Nullable NamespaceSchedule schedule(String name, NamespaceHandlers handlers, Log log) {
        ScheduleOptions options = handlers.schedule();
        return options == null
                ? null
                : new NamespaceSchedule(
                        name,
                        options,
                        runtime,
                        context.lifetime(),
                        context.backend().queues(),
                        log,
                        context.ids(),
                        context.lease());
    }

    private @Nullable NamespaceMail mail(
            String name,
            NamespaceHandlers handlers,
            Log log,
            Envelopes envelopes,
            RoomIndex<LocalSession> rooms,
            ClientRequests asks) {
        MailOptions options = handlers.mail();
        return options == null
                ? null
                : new NamespaceMail(new MailParts(
                        name,
                        options,
                        runtime,
                        context.lifetime(),
                        context.backend().queues(),
                        log,
                        context.json(),
                        envelopes,
                        context.limits().maxEventSize(),
                        context.ids(),
                        rooms,
                        asks));
    }

    private EventMessages messages(PacketEncoder encoder, @Nullable Batches batches) {
        return new EventMessages(
                encoder,
                context.recovery().isOn(),
                batches == null ? null : new Batching(batches, encoder, context.time()));
    }

    private @Nullable Throttling<LocalSession> throttling(NamespaceHandlers handlers) {
        Throttle options = handlers.throttle();
        return options == null ? null : new ThrottleIntervals(options, runtime).throttling(handlers.tick());
    }

    private @Nullable NamespacePresence presence(
            LocalNamespace namespace,
            NamespaceHandlers handlers,
            Log log,
            Bus bus,
            Fanout<LocalSession> fanout,
            SessionRegistry sessions) {
        PresenceOptions options = handlers.presence();
        if (options == null) {
            return null;
        }
        return new NamespacePresence(new PresenceParts(
                options,
                runtime,
                context.backend(),
                context.json(),
                log,
                bus,
                fanout,
                sessions,
                context.recovery().window(),
                Math.min(MOST_TOLD, context.outbox().maxBytes() / 4),
                context.lease(),
                change -> tell(namespace, handlers, options, change),
                namespace::endIfEmpty));
    }

    private void tell(
            LocalNamespace namespace, NamespaceHandlers handlers, PresenceOptions options, PresenceChange change) {
        for (PresenceListener listener : options.listeners()) {
            try {
                listener.changed(namespace, change);
            } catch (Exception | Error e) {
                context.lines()
                        .error(LOG, namespace.name(), "a listener of presence failed for user {}", change.userId(), e);
                handlers.errors().failed(context.lines(), null, "onChange", e);
            }
        }
    }

    private @Nullable NamespaceStates states(
            LocalNamespace namespace,
            NamespaceHandlers handlers,
            Payloads payloads,
            Log log,
            Fanout<LocalSession> fanout,
            RoomIndex<LocalSession> rooms) {
        if (handlers.states().isEmpty()) {
            return null;
        }
        return new NamespaceStates(new StateParts(
                handlers.states(),
                namespace.name(),
                runtime,
                context.backend(),
                context.json(),
                payloads,
                log,
                fanout,
                rooms,
                context.lifetime(),
                stateWrites::incrementAndGet,
                (state, change) -> tell(namespace, handlers, state, change)));
    }

    @SuppressWarnings("unchecked") // the change is one of these states
    private <T> void tell(
            LocalNamespace namespace, NamespaceHandlers handlers, DeclaredState<T> state, StateChange<?> change) {
        for (StateListener<T> listener : state.listeners()) {
            try {
                listener.changed(namespace, (StateChange<T>) change);
            } catch (Exception | Error e) {
                context.lines().error(LOG, namespace.name(), "a listener of state '{}' failed", state.contract(), e);
                handlers.errors().failed(context.lines(), null, "onChange", e);
            }
        }
    }

    private Retention retention(@Nullable String share) {
        return new Retention(
                context.retention(),
                context.recovery().maxEntries(),
                context.recovery().maxBytes(),
                share);
    }

    /** Rooms ask how far the fan-out has come, and the fan-out asks the rooms: one of them has to be told later. */
    private static final class PassedPosition {
        private final Position from;
        private volatile @Nullable Fanout<LocalSession> fanout;

        PassedPosition(Position from) {
            this.from = from;
        }

        Position get() {
            Fanout<LocalSession> current = fanout;
            return current == null ? from : current.position();
        }
    }
}
