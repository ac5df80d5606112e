package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.internal.audience.NamespaceAudience;
import dev.realtime.internal.audience.RoomAudience;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.VolatileEmit;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.recovery.NamespaceRecovery;
import dev.realtime.internal.recovery.RecoveryServices;
import dev.realtime.internal.requests.NamespaceBus;
import dev.realtime.internal.requests.ServerRequest;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.NodeSessions;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Pipeline;
import dev.realtime.internal.session.Publisher;
import dev.realtime.internal.session.SessionNamespace;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A namespace that lives on this node: its sessions, its rooms, and the fan-out that follows its log. */
public final class LocalNamespace implements SessionNamespace, WholeNamespace {
    private final Realtime realtime;
    private final String name;
    private final SessionRegistry sessions = new SessionRegistry();
    private final Log log;
    private final SessionScope scope;
    private final NamespaceBus bus;
    private final NamespaceAudience everybody;
    private final Runnable emptied;
    private final NamespaceRecovery recovery;

    /**
     * @param share see {@link Retention#share()}
     * @param rateScope whose rates are counted together: those of all namespaces that one configuration describes
     * @param emptied called when the last session has ended
     */
    public LocalNamespace(
            Realtime realtime,
            String name,
            NamespaceHandlers handlers,
            NodeContext context,
            @Nullable String share,
            String rateScope,
            RateGate rates,
            NodeSessions node,
            RecoveryServices recoveryServices,
            Runnable emptied) {
        this.realtime = realtime;
        this.name = name;
        this.emptied = emptied;
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
        RoomIndex<LocalSession> rooms = new RoomIndex<>(log::tail, passed::position, sessions::presenceOf);
        Fanout<LocalSession> fanout = new Fanout<>(
                context.runtime(),
                context.recovery(),
                encoder,
                rooms,
                from,
                context.retention(),
                handlers.tick(),
                this::publish);
        passed.fanout = fanout;
        Payloads payloads = new Payloads(
                context.json(),
                context.limits().maxEventSize(),
                () -> context.counters().count(Counters.Name.EVENTS_UNENCODABLE));
        Pipeline pipeline = new Pipeline(context, handlers, payloads, rateScope, rates);
        this.scope = new SessionScope(
                this,
                context,
                handlers,
                pipeline,
                payloads,
                encoder,
                log,
                new Publisher(name, context, log, fanout),
                rooms,
                fanout,
                new AtomicLong(),
                node,
                this::closed);
        Bus others = context.backend().bus(name, context.node());
        this.bus = new NamespaceBus(sessions, scope, others);
        this.recovery = new NamespaceRecovery(scope, sessions, others, from, recoveryServices, this::arrived);
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

    /** Completes when what the log held before this node came can be replayed here. */
    CompletionStage<Void> filled() {
        return recovery.filled();
    }

    /** How clients and sessions of dead nodes come in. */
    public NamespaceRecovery recovery() {
        return recovery;
    }

    private void closed(LocalSession session) {
        sessions.remove(session);
        endIfEmpty();
    }

    private void arrived() {
        if (recovery.hasEnded()) {
            leave(DisconnectReason.TAKEN_OVER);
        }
        endIfEmpty();
    }

    /** The node stops: its sessions end, or go to others. What arrives later is left to whoever takes over this node. */
    public void leave(DisconnectReason reason) {
        recovery.end();
        List.copyOf(sessions.all()).forEach(session -> session.lifecycle().close(reason));
    }

    private void endIfEmpty() {
        if (isEmpty()) {
            emptied.run();
        }
    }

    public Collection<LocalSession> live() {
        return sessions.all();
    }

    /**
     * This node has missed something that is in the log by now, or has met it alone: from here on nobody is brought up to date from its memory.
     *
     * @param had told of the sessions that have come from other nodes before that, and may have missed it as well
     */
    public void forget(String gap, Consumer<List<LocalSession>> had) {
        Position end = log.tail();
        scope.fanout().executeBehind(end, () -> {
            scope.fanout().recent().forget();
            String epoch = scope.context().backend().epoch();
            List<LocalSession> late = sessions.all().stream()
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
    public CompletionStage<Void> closeToClients() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        scope.fanout()
                .execute(
                        () -> { // sessions begin in its turn
                            recovery.closeToClients();
                            sessions.all().forEach(LocalSession::endIntake);
                            ended.complete(null);
                        });
        return ended;
    }

    /** Lets go of the log; called when no session is left, or the node stops. */
    public void close() {
        bus.close();
        log.close();
    }

    /** Whether rooms and sessions are all gone, and none is on its way. */
    public boolean isEmpty() {
        return !recovery.isExpecting() && sessions.isEmpty();
    }

    @Override
    public Realtime realtime() {
        return realtime;
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
        return Optional.ofNullable(sessions.find(sessionId));
    }

    @Override
    public Set<RoomKey> rooms() {
        Set<RoomKey> keys = new LinkedHashSet<>();
        scope.rooms().names().forEach(room -> keys.add(RoomKey.plain(room))); // equal to the key it was made with
        return Collections.unmodifiableSet(keys);
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(sessions.all());
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
    public Audience everybody() {
        return everybody;
    }

    @Override
    public String toString() {
        return "namespace " + name;
    }
}
