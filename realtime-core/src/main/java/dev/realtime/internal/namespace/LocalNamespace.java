package dev.realtime.internal.namespace;

import dev.realtime.Audience;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.internal.audience.Audiences;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.mail.MailEmits;
import dev.realtime.internal.mail.NamespaceMail;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.recovery.NamespaceRecovery;
import dev.realtime.internal.requests.NamespaceBus;
import dev.realtime.internal.requests.NamespaceRequests;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.schedule.LaterEmits;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.Publisher;
import dev.realtime.internal.session.SessionNamespace;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.internal.state.NamespaceStates;
import dev.realtime.internal.system.UserStage;
import dev.realtime.mail.Mail;
import dev.realtime.presence.Presence;
import dev.realtime.schedule.Schedule;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Log;
import dev.realtime.state.State;
import dev.realtime.state.States;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A namespace that lives on this node: its sessions, its rooms, and the fan-out that follows its log. */
public final class LocalNamespace implements SessionNamespace, WholeNamespace {
    private final Realtime realtime;
    private final String name;
    private final NodeRuntime runtime;
    private final Backend backend;
    private final Log log;
    private final SessionRegistry sessions;
    private final RoomIndex<LocalSession> rooms;
    private final Fanout<LocalSession> fanout;
    private final Payloads payloads;
    private final Publisher publisher;
    private final NamespaceBus bus;
    private final NamespaceRequests requests;
    private final LaterEmits later;
    private final MailEmits mail;
    private final Audiences audiences;
    private final Audience everybody;
    private final @Nullable NamespacePresence presence;
    private final @Nullable NamespaceStates states;
    private final Lifetime lifetime;
    private final NamespaceRecovery recovery;
    private final Runnable emptied;

    /**
     * @param presence makes it, and knows the namespace; null where it is off
     * @param states makes them, and knows the namespace; null where there are none
     * @param recovery makes the way in, which knows the namespace, and lets nobody in yet
     * @param emptied called when the last session has ended
     */
    @SuppressWarnings("this-escape")
    LocalNamespace(
            Realtime realtime,
            String name,
            NodeRuntime runtime,
            Backend backend,
            Log log,
            SessionRegistry sessions,
            RoomIndex<LocalSession> rooms,
            Fanout<LocalSession> fanout,
            Payloads payloads,
            Publisher publisher,
            Audiences audiences,
            NamespaceBus bus,
            NamespaceRequests requests,
            LaterEmits later,
            MailEmits mail,
            Lifetime lifetime,
            Function<LocalNamespace, @Nullable NamespacePresence> presence,
            Function<LocalNamespace, @Nullable NamespaceStates> states,
            Function<LocalNamespace, NamespaceRecovery> recovery,
            Runnable emptied) {
        this.realtime = realtime;
        this.name = name;
        this.runtime = runtime;
        this.backend = backend;
        this.log = log;
        this.sessions = sessions;
        this.rooms = rooms;
        this.fanout = fanout;
        this.payloads = payloads;
        this.publisher = publisher;
        this.bus = bus;
        this.requests = requests;
        this.later = later;
        this.mail = mail;
        this.emptied = emptied;
        this.audiences = audiences;
        this.everybody = audiences.everybody();
        this.lifetime = lifetime;
        this.presence = presence.apply(this);
        this.states = states.apply(this);
        this.recovery = recovery.apply(this);
    }

    /** Completes when what the log held before this node came can be replayed here. */
    CompletionStage<Void> filled() {
        return recovery.filled();
    }

    /** How clients and sessions of dead nodes come in. */
    public NamespaceRecovery recovery() {
        return recovery;
    }

    /** A session has ended. */
    void closed(LocalSession session) {
        sessions.remove(session);
        endIfEmpty();
    }

    /** A session that was claimed is registered, or will never be. */
    void arrived() {
        if (recovery.hasEnded()) {
            leave(DisconnectReason.TAKEN_OVER);
        }
        endIfEmpty();
    }

    /** The node stops: its sessions end, or go to others. What arrives later is left to whoever takes over this node. */
    public void leave(DisconnectReason reason) {
        recovery.end();
        later.stop();
        mail.stop();
        if (presence != null) {
            presence.stop();
        }
        List.copyOf(sessions.all()).forEach(session -> session.ownership().leave(reason));
    }

    /** Completes when the application has been told what this node was to tell of who is there before it {@linkplain #leave left}. */
    public CompletionStage<Void> left() {
        return presence == null ? CompletableFuture.completedFuture(null) : presence.left();
    }

    /** Presence, for those parts of the engine that it concerns; null where it is off. */
    public @Nullable NamespacePresence presenceHere() {
        return presence;
    }

    @Override
    public Presence presence() {
        if (presence == null) {
            throw new IllegalStateException("presence is off in " + name + "; NamespaceSetup.presence switches it on");
        }
        return presence;
    }

    /** Whether events can be emitted later here, for which this node looks once in a while. */
    public boolean isScheduled() {
        return later.isOn();
    }

    /** Events that are to be emitted later, in the whole cluster, as the last reading has found. */
    public long scheduled() {
        return later.waiting();
    }

    @Override
    public Schedule schedule() {
        return later.schedule();
    }

    @Override
    public Mail mail() {
        return mail.mail();
    }

    @Override
    public <T> States<T> state(State<T> contract) {
        Objects.requireNonNull(contract, "contract");
        if (states == null) {
            throw new IllegalStateException(
                    "no state is declared in " + name + "; NamespaceSetup.state declares '" + contract + "'");
        }
        return states.of(contract);
    }

    /** Shared states, for those parts of the engine that they concern; null where there are none. */
    @Nullable
    NamespaceStates statesHere() {
        return states;
    }

    @Override
    public CompletionStage<Online> online(String userId) {
        Range.wellFormed("userId", userId);
        if (presence == null) {
            return SessionNamespace.super.online(userId);
        }
        IllegalStateException end = lifetime.end();
        return end == null
                ? UserStage.of(
                        lifetime.within(presence.whenKnown(userId)),
                        runtime.logs().here(runtime.workers().handlers()))
                : CompletableFuture.failedFuture(end);
    }

    /** Everything has been said that is to be said here. */
    void endIfEmpty() {
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
        fanout.executeBehind(end, () -> {
            fanout.recent().forget();
            String epoch = backend.epoch();
            List<LocalSession> late = sessions.all().stream()
                    .filter(session -> session.history().epoch().equals(epoch)
                            && session.presence().joined().isBefore(end))
                    .toList();
            late.forEach(session -> session.history().hadGap(gap));
            runtime.workers().execute(() -> had.accept(late));
        });
    }

    /** Completes when everything that is in the log now has been delivered. */
    public CompletionStage<Void> settled() {
        return fanout.settled(log.tail());
    }

    /** Nothing further is taken from clients, and nobody is let in. Completes when that is so. */
    public CompletionStage<Void> closeToClients() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        fanout.execute(
                () -> { // sessions begin in its turn
                    recovery.closeToClients();
                    sessions.all().forEach(session -> session.inbox().close());
                    ended.complete(null);
                });
        return ended;
    }

    /** Lets go of the log; called when no session is left, or the node stops. */
    public void close() {
        later.stop();
        mail.stop();
        if (presence != null) {
            presence.close();
        }
        if (states != null) {
            states.stop();
        }
        bus.close();
        log.close();
    }

    /** Whether rooms and sessions are all gone, and none is on its way. */
    public boolean isEmpty() {
        return !recovery.isExpecting() && sessions.isEmpty() && (presence == null || presence.isQuiet());
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
        publisher.requireOpen();
        bus.publish(new BusMessage.ServerEvent(null, payloads.event(event.contract(), payload), carried(event.name())));
    }

    @Override
    public <T, R> CompletionStage<ServerReplies<R>> serverRequest(Request<T, R> request, T payload, Duration timeout) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(timeout, "timeout");
        return requests.askServers(request, payloads.event(request.contract(), payload), timeout);
    }

    private EventTerms carried(String event) {
        Map<String, String> headers = publisher.carried(event, Map.of());
        return headers.isEmpty() ? EventTerms.NONE : new EventTerms(EventTerms.WITHOUT_END, headers);
    }

    @Override
    public Optional<Session> find(String sessionId) {
        Range.wellFormed("sessionId", sessionId);
        return Optional.ofNullable(sessions.find(sessionId));
    }

    /**
     * Adds what is held here.
     *
     * @param mostReplay bytes of recent events that there may be
     */
    void addTo(HeldBytes held, long mostReplay) {
        held.addReplay(fanout.recent().bytes(), mostReplay);
        held.addPresence(presence == null ? 0 : presence.bytes());
        held.addStates(states == null ? 0 : states.bytes());
        NamespaceMail kept = mail.here();
        held.addMail(kept == null ? 0 : kept.bytes());
    }

    /** What waits for its turn in the fan-out. */
    int waiting() {
        return fanout.waiting();
    }

    /** Sessions of the whole cluster that presence knows. */
    int present() {
        return presence == null ? 0 : presence.size();
    }

    @Override
    public Set<RoomKey> rooms() {
        return Collections.unmodifiableSet(NamedRooms.keys(rooms.names()));
    }

    @Override
    public List<Session> sessions() {
        return List.copyOf(sessions.all());
    }

    @Override
    public Room room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return room(room, null);
    }

    @Override
    public Audience only(LocalSession session) {
        return audiences.only(session);
    }

    @Override
    public Room room(RoomKey room, @Nullable LocalSession by) {
        return audiences.room(room, by);
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
