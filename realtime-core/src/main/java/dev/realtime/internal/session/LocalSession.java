package dev.realtime.internal.session;

import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.Namespace;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.internal.fanout.Recipient;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.system.UserStage;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A session on this node: what the application, the client and the fan-out see of it. Each idea behind it has a class of its own:
 *
 * <ul>
 *   <li>{@link SessionLifecycle}: connected, suspended, resuming, closed
 *   <li>{@link SessionInbox}: what its client sends
 *   <li>{@link RoomMemberships}: in which rooms it is, and has been
 *   <li>{@link ReceivedHistory}: what its client is known to have received
 *   <li>{@link OwnedRecord}: what the backend knows of it
 *   <li>{@link DeferredAnswers}, {@link SessionEmits}: what has to leave before what
 * </ul>
 *
 * <p>The object itself is the lock of its lifecycle and of its rooms. Thread-safe.
 */
public final class LocalSession implements Session, Recipient {
    private final SessionScope scope;
    private final String id;
    private final @Nullable String privateId;
    private final Attributes attributes;
    private final AttachedConnection connection;
    private final SessionInbox inbox;
    private final PendingAcks acks;
    private final SessionLifecycle lifecycle;
    private final RoomMemberships memberships;
    private final ReceivedHistory history;
    private final SessionEmits emits;
    private final DeferredAnswers deferredAnswers;
    private final @Nullable OwnedRecord record; // null without recovery

    private boolean flushDue; // used in the fan-out's turn only
    private volatile long lastEvent; // by the monotonic clock; 0: none yet
    private volatile KeptAuth auth = KeptAuth.NONE;

    /** A new session; the caller {@linkplain SessionLifecycle#begin begins} it at once, in the fan-out's turn. */
    public LocalSession(SessionScope scope, String id, @Nullable String privateId, Principal principal) {
        this(scope, id, privateId, principal, null);
    }

    /** A session that another node, or an earlier engine on this backend, had. */
    public LocalSession(SessionScope scope, SessionRecord session, Principal principal) {
        this(scope, session.sessionId(), session.privateId(), principal, session);
    }

    @SuppressWarnings("this-escape") // rooms know the session before it is attached, and do not use it until then
    private LocalSession(
            SessionScope scope,
            String id,
            @Nullable String privateId,
            Principal principal,
            @Nullable SessionRecord from) {
        NodeContext context = scope.context();
        this.scope = scope;
        this.id = id;
        this.privateId = privateId;
        this.connection = new AttachedConnection(context.workers().handlers());
        this.attributes = new Attributes(context.json(), from == null ? Map.of() : from.attributes());
        this.emits = new SessionEmits(scope.publisher());
        Mailbox mailbox = new Mailbox(
                this::runHandler,
                scope.handlers().direct() ? Runnable::run : this::runHandler,
                context.workers(),
                this::flushNow,
                context.lines());
        this.inbox = new SessionInbox(
                this,
                connection,
                scope.pipeline(),
                mailbox,
                new Backlog(context.inbound(), context.limits()),
                context.workers(),
                context.time(),
                context.counters(),
                context.lines());
        this.deferredAnswers = new DeferredAnswers(
                this, inbox, emits, connection, scope.publisher(), scope.fanout(), context.runtime());
        this.acks = new PendingAcks(this, inbox, context.inboxLimit(), context.counters());
        this.record = privateId == null
                ? null
                : scope.node().records().of(this::snapshot, this::claimedAgain, this::writeRefused);
        this.lifecycle = new SessionLifecycle(
                scope,
                this,
                new SessionListeners(this, mailbox, scope.handlers(), context.lines()),
                connection,
                acks,
                record,
                principal,
                from == null ? Home.first(context.node()) : from.home());
        String epoch = from == null ? context.backend().epoch() : from.epoch();
        this.memberships =
                new RoomMemberships(scope.rooms(), this, context.limits().maxRooms(), context.lines(), from);
        this.history =
                new ReceivedHistory(epoch, from == null ? memberships.presence().joined() : from.confirmed());
    }

    private void runHandler(Runnable turn) {
        connection.handlers().execute(turn);
    }

    private void claimedAgain(Home claimed) {
        lifecycle.claimed(claimed);
    }

    private CompletionStage<Boolean> writeRefused() {
        return lifecycle.writeRefused();
    }

    public SessionScope scope() {
        return scope;
    }

    /** Where it is between its beginning and its end, and what may happen to it. */
    public SessionLifecycle lifecycle() {
        return lifecycle;
    }

    public RoomMemberships memberships() {
        return memberships;
    }

    SessionInbox inbox() {
        return inbox;
    }

    SessionEmits emits() {
        return emits;
    }

    DeferredAnswers deferredAnswers() {
        return deferredAnswers;
    }

    // ---- what it is

    @Override
    public String id() {
        return id;
    }

    /** Null without recovery. */
    public @Nullable String privateId() {
        return privateId;
    }

    @Override
    public Namespace namespace() {
        return scope.namespace();
    }

    @Override
    public Principal principal() {
        return lifecycle.principal();
    }

    @Override
    public boolean isConnected() {
        return lifecycle.isConnected() && !lifecycle.isDismissed();
    }

    @Override
    public boolean isClosed() {
        return lifecycle.isClosed() || lifecycle.isDismissed();
    }

    @Override
    public String remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public Optional<String> transport() {
        SessionConnection current = connection.current();
        return current == null ? Optional.empty() : Optional.of(current.transport());
    }

    @Override
    public Optional<Handshake> handshake() {
        SessionConnection current = connection.current();
        return current == null
                ? Optional.empty()
                : Optional.of(new Handshake(
                        scope.namespace().name(),
                        current.request(),
                        auth.read(scope.context().json()),
                        connection.connectedAt()));
    }

    /** The credentials of the connection that comes now. */
    public void presents(KeptAuth credentials) {
        auth = credentials;
    }

    @Override
    public Instant connectedAt() {
        return connection.connectedAt();
    }

    @Override
    public Optional<Instant> lastEventAt() {
        long last = lastEvent;
        Time time = scope.context().time();
        return last == 0 ? Optional.empty() : Optional.of(time.now().minusNanos(time.nanoTime() - last));
    }

    /** Membership in the namespace as a whole. */
    public Membership<LocalSession> presence() {
        return memberships.presence();
    }

    @Override
    public String toString() {
        return "session " + id + " in " + scope.namespace().name();
    }

    // ---- what the client sends

    /** Takes an event of the client. */
    public void received(SessionConnection from, Packet packet) {
        lastEvent = scope.context().time().nanoTime() | 1; // never 0, and no clock is that exact
        inbox.received(from, packet);
    }

    /** Takes an answer of the client. */
    public void answered(SessionConnection from, Packet packet) {
        acks.answered(from, packet);
    }

    /** Whether so much of its client waits that its connection is not to be read. */
    public boolean isFull() {
        return inbox.isFull();
    }

    /** Takes nothing further from the client: the node stops, and what comes from now on was not received. */
    public void endIntake() {
        inbox.close();
    }

    /** Completes when all events that were received have been handled and answered. */
    public CompletionStage<Void> whenIdle() {
        return inbox.whenIdle();
    }

    /** Remembers a question before it is sent. Returns false when the client is not there, or too many are open. */
    public boolean expect(long ackId, PendingAcks.Asker asker) {
        return lifecycle.expect(ackId, asker);
    }

    /** Forgets a question whose answer nobody waits for any more. */
    public void forget(long ackId) {
        acks.take(ackId);
    }

    /** Runs what the application makes depend on what it has done to this session, or asked its client. */
    public Executor dependents() {
        return connection.answers();
    }

    // ---- what the client has received

    /** Takes note of a ping that is about to leave: whatever the fan-out has passed is before it, unless the client is being caught up with. */
    public void pinged() {
        Position passed = scope.fanout().position();
        // a dismissal memberships news to the record until the session has ended: another node may have to read it in
        // the log
        if (connection.live() != null && !history.isBroken() && !lifecycle.isDismissed()) {
            history.pinged(passed);
        }
    }

    /** Takes note of a pong: the client has all that was sent before the ping. */
    public void ponged() {
        confirm(history.pinged());
    }

    void confirm(Position position) {
        history.confirm(position);
        memberships.forgetBefore(history.confirmed());
    }

    /** The client has received everything up to here. */
    public Position confirmed() {
        return history.confirmed();
    }

    /** The backend's epoch in which everything that concerns this session has reached it. */
    public String epoch() {
        return history.epoch();
    }

    /** Keeps the session from being resumed elsewhere: it has met what no other node has, or missed what they have. It goes on here. */
    public void hadGap(String gap) {
        history.breakOff(gap);
        changed();
    }

    /**
     * Delivers nothing more to the client: what comes now may lie behind something that it has missed, and its connection is about to be closed.
     */
    public void historyBroke() {
        history.breakOff();
    }

    /** Takes note of an offset that the client came with, of a session before this one: the client keeps it until it receives another. */
    public void carried(Position offset) {
        memberships.carried(offset);
    }

    /** Keeps the session from being resumed, since a reliable event was dropped. It goes on while its connection lasts. */
    public void lostReliable() {
        memberships.forbidReplay();
        changed();
    }

    // ---- what the fan-out delivers

    @Override
    public boolean deliver(OutboundMessage message) {
        Outbox outbox = connection.live();
        if (outbox == null || history.isBroken()) {
            return false;
        }
        outbox.offer(message);
        return true;
    }

    @Override
    public boolean markForFlush() {
        boolean first = !flushDue;
        flushDue = true;
        return first;
    }

    @Override
    public void flush() {
        flushDue = false;
        flushNow();
    }

    private void flushNow() {
        Outbox outbox = connection.live();
        if (outbox != null) {
            outbox.flush();
        }
    }

    @Override
    public void joinAt(Set<String> rooms, Position position) {
        if (memberships.joinAt(rooms, position)) {
            changed();
        }
    }

    @Override
    public void leaveAt(Set<String> rooms, Position position) {
        memberships.leaveAt(rooms, position);
        changed();
    }

    @Override
    public void disconnectAt(boolean closeConnection) {
        var unused = lifecycle.dismiss(closeConnection, SessionDismissal.Order.IN_TURN);
    }

    @Override
    public boolean wasIn(String room, @Nullable Position position) {
        return memberships.wasIn(room, position);
    }

    @Override
    public void entered(Membership<?> membership) {
        memberships.entered(membership);
    }

    // ---- rooms

    @Override
    public Set<RoomKey> rooms() {
        return memberships.keys();
    }

    @Override
    public Room join(RoomKey room) {
        Objects.requireNonNull(room, "room");
        memberships.join(room);
        changed();
        return room(room);
    }

    @Override
    public void leave(RoomKey room) {
        Objects.requireNonNull(room, "room");
        memberships.leave(room);
        changed();
    }

    @Override
    public Room move(RoomKey from, RoomKey to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        memberships.move(from, to);
        changed();
        return room(to);
    }

    @Override
    public Room room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return scope.namespace().room(room, this);
    }

    // ---- what the application sends

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return scope.namespace().only(this).emit(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        Objects.requireNonNull(event, "event");
        return scope.namespace().only(this).emit(event);
    }

    @Override
    public VolatileAudience asVolatile() {
        return scope.namespace().only(this).asVolatile();
    }

    @Override
    public <T, R> CompletionStage<R> request(Request<T, R> request, T payload, Duration timeout) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(timeout, "timeout");
        return ClientRequest.ask(this, request, payload, timeout);
    }

    /** Takes note of what has been emitted through this object, or by a handler of this session. */
    public void published(Published now) {
        emits.add(now);
    }

    @Override
    public void disconnect(boolean closeConnection) {
        var unused = lifecycle.dismiss(closeConnection, SessionDismissal.Order.BEHIND_OWN);
    }

    /** Says goodbye, since the application closes the connection. Completes when the session has ended. */
    public CompletionStage<Void> dismiss() {
        return lifecycle.dismiss(false, SessionDismissal.Order.BEHIND_OWN);
    }

    // ---- what it remembers

    @Override
    public <T> @Nullable T get(Attribute<T> attribute) {
        Objects.requireNonNull(attribute, "attribute");
        return attributes.get(attribute);
    }

    @Override
    public <T> void set(Attribute<T> attribute, @Nullable T value) {
        Objects.requireNonNull(attribute, "attribute");
        attributes.set(attribute, value);
        if (attribute.isRecorded()) {
            changed();
        }
    }

    /** As JSON text, by name. */
    public Map<String, String> recordedAttributes() {
        return attributes.record();
    }

    @Override
    public CompletionStage<Void> recorded() {
        Lifetime lifetime = scope.context().lifetime();
        IllegalStateException end = lifetime.end();
        return end == null
                ? UserStage.of(lifetime.within(written()), dependents())
                : CompletableFuture.failedFuture(end);
    }

    /** As {@link #recorded()}, for the engine itself: completes on the thread that hears of it. */
    public CompletionStage<Void> written() {
        return record == null ? CompletableFuture.completedFuture(null) : record.recorded();
    }

    /** Writes the record, since the session has changed. */
    void changed() {
        if (record != null) {
            record.changed();
        }
    }

    /** Writes the record again, since the backend may have missed something while it was away. */
    public void writeAgain() {
        changed();
    }

    /** Writes the record again before the store may forget it, whether the client is read or not. */
    public void keepRecord() {
        if (record != null) {
            record.keep();
        }
    }

    private synchronized SessionRecord snapshot() {
        String secret = privateId;
        if (secret == null) {
            throw new IllegalStateException("a session without recovery has no record");
        }
        return SessionRecord.of(secret, id, scope.namespace().name(), lifecycle.home())
                .principal(lifecycle.principal())
                .attributes(attributes.record())
                .epoch(history.epoch())
                .start(presence().joined())
                .confirmed(history.confirmed())
                .memberships(memberships.record())
                .exactFrom(memberships.exactFrom());
    }
}
