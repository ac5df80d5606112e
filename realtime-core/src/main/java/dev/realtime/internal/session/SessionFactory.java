package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.NamespaceSetup.AbsenceAudience;
import dev.realtime.NamespaceSetup.Revalidation;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.users.SessionUser;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the sessions of a namespace: each gets parts of its own, and those get what they use of what all sessions share. Thread-safe. */
public final class SessionFactory {
    private final NodeContext context;
    private final NodeRuntime runtime;
    private final NodeSessions node;
    private final SessionNamespace namespace;
    private final NamespaceHandlers handlers;
    private final Pipeline pipeline;
    private final EventRates rates;
    private final RefusalReporter refusals;
    private final PacketEncoder encoder;
    private final LifecycleMessages messages;
    private final Publisher publisher;
    private final Fanout<LocalSession> fanout;
    private final RoomIndex<LocalSession> rooms;
    private final RoomChanges roomChanges;
    private final RoomRights rights;
    private final @Nullable Revalidator revalidator;
    private final ClientRequests requests;
    private final SessionChanges changes;
    private final Consumer<LocalSession> closed;

    /**
     * @param node what they share with the sessions of other namespaces
     * @param refusals hears of what their clients are refused
     * @param changes hears how they change
     * @param closed told once for each session that has ended
     */
    public SessionFactory(
            NodeContext context,
            NodeSessions node,
            SessionNamespace namespace,
            NamespaceHandlers handlers,
            Pipeline pipeline,
            EventRates rates,
            RefusalReporter refusals,
            PacketEncoder encoder,
            Publisher publisher,
            Fanout<LocalSession> fanout,
            RoomIndex<LocalSession> rooms,
            ClientRequests requests,
            SessionChanges changes,
            Consumer<LocalSession> closed) {
        this.context = context;
        this.runtime = context.runtime();
        this.node = node;
        this.namespace = namespace;
        this.handlers = handlers;
        this.pipeline = pipeline;
        this.rates = rates;
        this.refusals = refusals;
        this.encoder = encoder;
        this.messages = new LifecycleMessages(
                context.clientEvents().lifecycle(),
                new Payloads(context.json()),
                encoder,
                context.time(),
                fanout::position);
        this.publisher = publisher;
        this.fanout = fanout;
        this.rooms = rooms;
        this.roomChanges = new RoomChanges(rooms, context.limits().maxRooms(), context.lines());
        this.rights = new RoomRights(node.roomRules(handlers), roomChanges, handlers.errors(), runtime);
        this.revalidator = revalidator(context, handlers, pipeline);
        this.requests = requests;
        this.changes = changes;
        this.closed = revalidator == null ? closed : closed.andThen(revalidator::forget);
    }

    /**
     * Makes a new session; the caller {@linkplain SessionLifecycle#begin begins} it at once, in the fan-out's turn.
     *
     * @param privateId null without recovery
     */
    public LocalSession fresh(String id, @Nullable String privateId, Principal principal) {
        return session(id, privateId, principal, null);
    }

    /** Makes a session of its record: another node, or an earlier engine on this backend, had it. */
    public LocalSession restored(SessionRecord record, Principal principal) {
        return session(record.sessionId(), record.privateId(), principal, record);
    }

    /** In which rooms they may be. */
    public RoomRights rights() {
        return rights;
    }

    private LocalSession session(
            String id, @Nullable String privateId, Principal principal, @Nullable SessionRecord from) {
        LocalSession made = new LocalSession(
                id,
                privateId,
                namespace,
                roomChanges,
                rights,
                requests,
                context.time(),
                session -> parts(session, principal, from));
        made.user().identified();
        if (revalidator != null) {
            revalidator.add(made);
        }
        return made;
    }

    private static @Nullable Revalidator revalidator(
            NodeContext context, NamespaceHandlers handlers, Pipeline pipeline) {
        Duration period = handlers.revalidatedEvery();
        Revalidation hook = handlers.revalidation();
        return period == null || hook == null
                ? null
                : new Revalidator(
                        period,
                        hook,
                        pipeline::lastWords,
                        new TimeoutQueue(
                                context.time(),
                                context.workers(),
                                context.limits().authenticationTimeout()),
                        handlers.errors(),
                        context.runtime());
    }

    /** The session is used by none of them before it has them all. */
    private SessionParts parts(LocalSession session, Principal principal, @Nullable SessionRecord from) {
        SessionState state = new SessionState(principal);
        state.untold(from == null); // until it begins
        AttachedConnection connection = new AttachedConnection(
                namespace.name(), context.json(), context.workers().handlers());
        AfterCatchUp afterCatchUp = new AfterCatchUp(session, connection);
        SessionEmits emits = new SessionEmits(publisher);
        HandlerWatch watch = new HandlerWatch(
                context.slowHandlers(),
                namespace.name(),
                session.id(),
                () -> session.principal().id());
        Mailbox mailbox = mailbox(connection, watch);
        SessionInbox inbox = new SessionInbox(
                session,
                state,
                connection,
                pipeline,
                mailbox,
                watch,
                handlers.direct(),
                new Backlog(context.inbound(), context.limits()),
                context.workers(),
                context.time(),
                context.counters(),
                context.lines());
        SessionRates counted = new SessionRates(session, rates, context.nodeLimits(), refusals);
        PendingAcks acks = new PendingAcks(
                session,
                connection,
                inbox,
                counted,
                context.limits().maxPendingEvents(),
                context.counters(),
                context.lines());
        OwnedRecord record = session.privateId() == null
                ? null
                : node.records()
                        .of(
                                () -> session.notifier().record(),
                                claim -> session.ownership().claimed(claim),
                                () -> session.ownership().writeRefused(),
                                // it comes back, and knows that it has no answer
                                () -> session.lifecycle().interrupt(DisconnectReason.TRANSPORT_ERROR));
        if (record != null && from != null) {
            record.begin();
        }
        SessionListeners listeners = new SessionListeners(
                session, mailbox, watch, context.logs(), handlers, context.counters(), context.lines());
        SessionHome home = new SessionHome(from == null ? Home.first(context.node()) : from.home());
        SuspensionWindow window = new SuspensionWindow(
                context.time(),
                context.recovery().window(),
                node.suspended(),
                context.counters(),
                () -> context.workers().execute(() -> session.ownership().windowOver()));
        CredentialExpiry expiry = new CredentialExpiry(
                context.credentialClock(),
                context.time(),
                handlers.authenticateWithin(),
                () -> context.workers().execute(() -> session.closing().close(DisconnectReason.CREDENTIALS_EXPIRED)),
                () -> context.workers().execute(() -> endUnknown(session)));
        SessionUser user = new SessionUser(session, node.users(), fanout::execute);
        AbsenceNotice absence = absence(session, state, window, listeners, from);
        SessionClosing closing = new SessionClosing(
                session,
                state,
                connection,
                afterCatchUp,
                acks,
                window,
                expiry,
                absence,
                publisher,
                new SessionEnd(
                        session,
                        listeners,
                        acks,
                        record,
                        user,
                        roomChanges,
                        node.ended(),
                        node.departures(),
                        encoder,
                        messages,
                        context.runtime(),
                        closed));
        RoomMemberships memberships = new RoomMemberships(rooms, session, from);
        return new SessionParts(
                state,
                connection,
                afterCatchUp,
                new Attributes(context.json(), from == null ? Map.of() : from.attributes()),
                emits,
                inbox,
                new DeferredAnswers(session, inbox, emits, connection, publisher, fanout, runtime),
                acks,
                counted,
                user,
                closing,
                new SessionOwnership(
                        session,
                        state,
                        window,
                        home,
                        closing,
                        record,
                        context.limits().authenticationTimeout(),
                        context.lease().dividedBy(3)),
                new SessionLifecycle(
                        session,
                        state,
                        listeners,
                        connection,
                        afterCatchUp,
                        acks,
                        window,
                        expiry,
                        home,
                        closing,
                        absence,
                        messages,
                        encoder,
                        context.backend(),
                        context.time(),
                        context.counters()),
                memberships,
                new ReceivedHistory(
                        session,
                        connection,
                        fanout,
                        from == null ? context.backend().epoch() : from.epoch(),
                        from == null ? memberships.presence().joined() : from.confirmed()),
                new ChangeNotifier(
                        session,
                        record,
                        absence,
                        from == null ? 0 : from.awaySince(),
                        changes,
                        context.lifetime(),
                        context.logs()));
    }

    private @Nullable AbsenceNotice absence(
            LocalSession session,
            SessionState state,
            SuspensionWindow window,
            SessionListeners listeners,
            @Nullable SessionRecord from) {
        AbsenceAudience audience = handlers.absencesTo();
        return audience == null
                ? null
                : new AbsenceNotice(
                        session,
                        state,
                        window,
                        listeners,
                        audience,
                        context.clientEvents().lifecycle().temporarilyDisconnected(),
                        context.recovery().window(),
                        from != null && from.absenceTold(),
                        context.time(),
                        context.workers());
    }

    /** A client that has shown no credentials in time hears why it has to go. */
    private void endUnknown(LocalSession session) {
        if (session.principal().anonymous()) {
            session.closing().close(DisconnectReason.NOT_AUTHENTICATED, pipeline.lastWords(ErrorCode.UNAUTHORIZED));
        }
    }

    private Mailbox mailbox(AttachedConnection connection, HandlerWatch watch) {
        Executor executor = turn -> connection.handlers().execute(turn);
        return new Mailbox(executor, node.flushes(), connection::flush, watch, context.lines());
    }
}
