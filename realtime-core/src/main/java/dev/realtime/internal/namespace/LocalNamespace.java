package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.SuspendedSessions;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.EndedSessions;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Pipeline;
import dev.realtime.internal.session.Publisher;
import dev.realtime.internal.session.SessionNamespace;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A namespace that lives on this node: its sessions, its rooms, and the fan-out that follows its log. */
public final class LocalNamespace implements SessionNamespace {
    private final String name;
    private final Map<String, LocalSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, LocalSession> byPrivateId = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<Void>> arriving =
            ConcurrentHashMap.newKeySet(); // sessions that have been claimed and are not here yet
    private volatile boolean left; // its sessions have ended or gone to others
    private final Log log;
    private final SessionScope scope;
    private final NamespaceBus bus;
    private final NamespaceAudience everybody;
    private final Runnable emptied;
    private final OrphanedClaims orphans;
    private final RecoveryServices recoveries;
    private final WindowBackfill fill;
    private volatile boolean intakeOver;

    /**
     * @param share see {@link Retention#share()}
     * @param rateScope whose rates are counted together: those of all namespaces that one configuration describes
     * @param emptied called when the last session has ended
     */
    public LocalNamespace(
            String name,
            NamespaceHandlers behaviour,
            NodeContext context,
            @Nullable String share,
            String rateScope,
            RateGate rates,
            SuspendedSessions suspended,
            EndedSessions ended,
            RecoveryServices recoveries,
            Runnable emptied) {
        this.name = name;
        this.recoveries = recoveries;
        this.emptied = emptied;
        this.orphans = new OrphanedClaims(this, context);
        this.log = context.backend()
                .log(
                        name,
                        context.node(),
                        new Retention(
                                context.retention(),
                                context.recovery().maxEntries(),
                                context.recovery().maxBytes(),
                                share));
        Position from = log.tail();
        PacketEncoder encoder = PacketEncoder.of(name);
        AtomicFanout passed = new AtomicFanout(from);
        RoomIndex<LocalSession> rooms = new RoomIndex<>(log::tail, passed::position, this::presenceOf);
        Fanout<LocalSession> fanout =
                new Fanout<>(context, encoder, rooms, from, context.retention(), behaviour.tick(), this::publish);
        passed.fanout = fanout;
        Payloads payloads = new Payloads(
                context.json(),
                context.limits().maxEventSize(),
                () -> context.counters().count(Counters.Name.EVENTS_UNENCODABLE));
        Pipeline pipeline = new Pipeline(context, behaviour, payloads, rateScope, rates);
        this.scope = new SessionScope(
                this,
                context,
                behaviour,
                pipeline,
                payloads,
                encoder,
                log,
                new Publisher(name, context, log, fanout),
                rooms,
                fanout,
                new AtomicLong(),
                suspended,
                ended,
                this::closed);
        this.bus = new NamespaceBus(this, scope, context.backend().bus(name, context.node()));
        this.fill = new WindowBackfill(context, log, fanout, from, recoveries.lane());
        this.everybody = new NamespaceAudience(scope, bus, Target.EVERYBODY, null);
        log.follow(from, log.lendsThread() ? fanout::entriesHere : fanout::entries);
        bus.start();
    }

    private void publish(VolatileEmit emit) {
        bus.publish(emit);
    }

    /** Rooms ask how far the fan-out has come, and the fan-out asks the rooms: one of them has to be told later. */
    private static final class AtomicFanout {
        private final Position from;
        private volatile @Nullable Fanout<LocalSession> fanout;

        AtomicFanout(Position from) {
            this.from = from;
        }

        Position position() {
            Fanout<LocalSession> current = fanout;
            return current == null ? from : current.position();
        }
    }

    private @Nullable Membership<LocalSession> presenceOf(String sessionId) {
        LocalSession session = sessions.get(sessionId);
        return session == null ? null : session.presence();
    }

    /** A session of this node by its public id. */
    @Nullable
    LocalSession live(String sessionId) {
        return sessions.get(sessionId);
    }

    NamespaceBus bus() {
        return bus;
    }

    RecoveryServices recoveries() {
        return recoveries;
    }

    WindowBackfill fill() {
        return fill;
    }

    /** Completes when what the log held before this node came can be replayed here. */
    CompletionStage<Void> filled() {
        CompletableFuture<Void> filled = new CompletableFuture<>();
        fillFor(filled);
        return filled;
    }

    private void fillFor(CompletableFuture<Void> filled) {
        fill.await(() -> filled.complete(null), () -> fillFor(filled));
    }

    SessionScope scope() {
        return scope;
    }

    /** A session has come into being here. In the fan-out's turn. */
    void register(LocalSession session) {
        sessions.put(session.id(), session);
        String secret = session.privateId();
        if (secret != null) {
            byPrivateId.put(secret, session);
        }
        if (!session.principal().anonymous()) {
            session.joinAt(
                    Set.of(RoomKind.USER.of(session.principal().id()).toString()),
                    session.presence().joined());
        }
    }

    /**
     * A session of a node that is dead, claimed by this one: it waits here for its client.
     *
     * @param formerHome is told, should it live after all
     */
    public void adopt(SessionRecord session, String formerHome) {
        Principal principal = session.principal();
        if (principal == null || left) {
            return; // it was never at home at one of our nodes, or whoever buries this one takes it
        }
        Runnable arrived = arrives();
        Restore restore = new Restore(
                this,
                session,
                Restore.Origin.NODE,
                principal,
                (adopted, obstacle) -> {
                    if (intakeOver) {
                        adopted.endIntake();
                    }
                    adopted.life().claimed(session.home());
                    adopted.writeAgain();
                    arrived.run();
                },
                arrived,
                () -> {});
        Runnable begin = () -> scope.fanout().execute(restore::proceed);
        fill.await(begin, begin);
        if (!formerHome.equals(scope.context().node())) {
            bus.send(
                    formerHome,
                    new BusMessage.TakenOver(session.sessionId(), session.home().fence()));
        }
    }

    /** Sessions that this node may have claimed without knowing. */
    public OrphanedClaims orphans() {
        return orphans;
    }

    @Nullable
    LocalSession byPrivateId(String privateId) {
        return byPrivateId.get(privateId);
    }

    private void closed(LocalSession session) {
        sessions.remove(session.id(), session);
        String secret = session.privateId();
        if (secret != null) {
            byPrivateId.remove(secret, session);
        }
        endIfEmpty();
    }

    /** A session is being claimed by this node; the result runs when it is here, or does not come. */
    @SuppressWarnings("CollectionUndefinedEquality") // a stage is itself and no other
    Runnable arrives() {
        CompletableFuture<Void> arrival = new CompletableFuture<>();
        arriving.add(arrival);
        return () -> {
            if (arriving.remove(arrival)) {
                arrival.complete(null);
                if (left) {
                    leave(DisconnectReason.TAKEN_OVER);
                }
                endIfEmpty();
            }
        };
    }

    /** Completes when all sessions that this node has claimed are here. */
    public CompletionStage<Void> whenArrived() {
        return CompletableFuture.allOf(arriving.toArray(CompletableFuture[]::new));
    }

    /** Whether this node may have claimed sessions that are not here. */
    public boolean awaitsSessions() {
        return !arriving.isEmpty() || orphans.any();
    }

    /** The node stops: its sessions end, or go to others. What arrives later is left to whoever buries this node. */
    public void leave(DisconnectReason reason) {
        left = true;
        List.copyOf(sessions.values()).forEach(session -> session.life().close(reason));
    }

    private void endIfEmpty() {
        if (isEmpty()) {
            emptied.run();
        }
    }

    /** How many of a user's sessions but this one have a connection now. */
    int connectionsOf(String userId, @Nullable LocalSession but) {
        int connected = 0;
        for (LocalSession session :
                scope.rooms().members(RoomKind.USER.of(userId).toString())) {
            if (session != but && session.life().hasConnection()) {
                connected++;
            }
        }
        return connected;
    }

    public Collection<LocalSession> live() {
        return sessions.values();
    }

    /**
     * This node has missed something that is in the log by now, or has met it alone: from here on nobody is brought up to date from its memory.
     *
     * @param had told of the sessions that have come from other nodes before that, and may have missed it as well
     */
    public void forget(String gap, Consumer<List<LocalSession>> had) {
        Position end = log.tail();
        scope.fanout().executeBehind(end, () -> {
            scope.fanout().forget();
            String epoch = scope.context().backend().epoch();
            List<LocalSession> late = sessions.values().stream()
                    .filter(session -> session.epoch().equals(epoch)
                            && session.presence().joined().isBefore(end))
                    .toList();
            late.forEach(session -> session.hadGap(gap));
            scope.context().workers().execute(() -> had.accept(late));
        });
    }

    /** Completes when everything that is in the log now has been delivered. */
    public CompletionStage<Void> settled() {
        return scope.fanout().settled(log.tail());
    }

    /** Nothing further is taken from clients, and nobody is let in. Completes when that is so. */
    public CompletionStage<Void> endIntake() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        scope.fanout()
                .execute(
                        () -> { // sessions begin in its turn
                            intakeOver = true;
                            sessions.values().forEach(LocalSession::endIntake);
                            ended.complete(null);
                        });
        return ended;
    }

    /** Whether nobody is let in any more, since the node stops. In the fan-out's turn. */
    boolean isIntakeOver() {
        return intakeOver;
    }

    /** Lets go of the log; called when no session is left, or the node stops. */
    public void close() {
        bus.close();
        log.close();
    }

    /** Whether rooms and sessions are all gone, and none is on its way. */
    public boolean isEmpty() {
        return arriving.isEmpty() && sessions.isEmpty();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public <T> void serverEmit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        scope.context().lifetime().require();
        bus.publish(new BusMessage.ServerEvent(null, scope.payloads().event(event.contract(), payload)));
    }

    @Override
    public <T, R> CompletionStage<ServerReplies<R>> serverRequest(Request<T, R> request, T payload, Duration timeout) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(timeout, "timeout");
        EventData data = scope.payloads().event(request.contract(), payload);
        IllegalStateException end = scope.context().lifetime().end();
        return end == null
                ? new ServerRequest<>(scope, bus, request).ask(data, timeout)
                : CompletableFuture.failedFuture(end);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        Objects.requireNonNull(sessionId, "sessionId");
        return Optional.ofNullable(sessions.get(sessionId));
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    @Override
    public Room room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return new RoomAudience(scope, bus, room, null);
    }

    @Override
    public Audience only(LocalSession session) {
        return new NamespaceAudience(scope, bus, new Target(Set.of(session.id()), Set.of(), null), session);
    }

    @Override
    public Room room(RoomKey room, LocalSession by) {
        return new RoomAudience(scope, bus, room, by);
    }

    @Override
    public Audience session(String sessionId) {
        return everybody.session(sessionId);
    }

    @Override
    public Audience except(RoomKey room) {
        return everybody.except(room);
    }

    @Override
    public Audience exceptSession(String sessionId) {
        return everybody.exceptSession(sessionId);
    }

    @Override
    public Audience local() {
        return everybody.local();
    }

    @Override
    public VolatileAudience asVolatile() {
        return everybody.asVolatile();
    }

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        return everybody.emit(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        return everybody.emit(event);
    }

    @Override
    public <T, R> CompletionStage<Replies<R>> request(Request<T, R> request, T payload, Duration timeout) {
        return everybody.request(request, payload, timeout);
    }

    @Override
    public CompletionStage<Fetched> fetch() {
        return everybody.fetch();
    }

    @Override
    public CompletionStage<Position> join(RoomKey... rooms) {
        return everybody.join(rooms);
    }

    @Override
    public CompletionStage<Position> leave(RoomKey... rooms) {
        return everybody.leave(rooms);
    }

    @Override
    public CompletionStage<Position> disconnect(boolean closeConnection) {
        return everybody.disconnect(closeConnection);
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}
