package dev.realtime.internal.session;

import dev.realtime.Attribute;
import dev.realtime.DisconnectReason;
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
import dev.realtime.internal.fanout.HeldEvents;
import dev.realtime.internal.fanout.Recipient;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.outbox.Lag;
import dev.realtime.internal.outbox.Laggards;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.users.SessionUser;
import dev.realtime.internal.users.UserSession;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A session on this node: what the application, the client and the fan-out see of it. Each idea behind it has a class of its own:
 *
 * <ul>
 *   <li>{@link SessionLifecycle}: connected, suspended, resuming, closed
 *   <li>{@link SessionInbox}: what its client sends
 *   <li>{@link RoomMemberships}: in which rooms it is, and has been
 *   <li>{@link ReceivedHistory}: what its client is known to have received
 *   <li>{@link ChangeNotifier}: its record in the backend, and who else learns that it has changed
 *   <li>{@link DeferredAnswers}, {@link SessionEmits}: what has to leave before what
 * </ul>
 *
 * <p>The object itself is the lock of its lifecycle and of its rooms. Thread-safe.
 */
public final class LocalSession implements Session, Recipient, UserSession {
    private final String id;
    private final @Nullable String privateId;
    private final SessionNamespace namespace;
    private final RoomChanges roomChanges;
    private final RoomRights rights;
    private final ClientRequests requests;
    private final Time time;
    private final SessionState state;
    private final AttachedConnection connection;
    private final AfterCatchUp afterCatchUp;
    private final Attributes attributes;
    private final SessionEmits emits;
    private final SessionInbox inbox;
    private final DeferredAnswers deferredAnswers;
    private final PendingAcks acks;
    private final SessionRates rates;
    private final SessionUser user;
    private final SessionClosing closing;
    private final SessionOwnership ownership;
    private final SessionLifecycle lifecycle;
    private final RoomMemberships memberships;
    private final ReceivedHistory history;
    private final ChangeNotifier notifier;

    private volatile @Nullable String handled; // the idempotent request whose handler is being called
    // used in the fan-out's turn only
    private boolean flushDue;
    private boolean writable; // what was delivered leaves with a flush: no write was in flight
    private boolean unwritable; // what was delivered last does not: one was
    private @Nullable Lag lag; // what it gets together with others
    private @Nullable Laggards others; // with whom it was given the last event
    private @Nullable HeldEvents held; // null until the first batched event

    /**
     * @param privateId null without recovery
     * @param parts makes the parts of this session, which know it, and do not use it before it has them all
     */
    @SuppressWarnings("this-escape")
    LocalSession(
            String id,
            @Nullable String privateId,
            SessionNamespace namespace,
            RoomChanges roomChanges,
            RoomRights rights,
            ClientRequests requests,
            Time time,
            Function<LocalSession, SessionParts> parts) {
        this.id = id;
        this.privateId = privateId;
        this.namespace = namespace;
        this.roomChanges = roomChanges;
        this.rights = rights;
        this.requests = requests;
        this.time = time;
        SessionParts own = parts.apply(this);
        this.state = own.state();
        this.connection = own.connection();
        this.afterCatchUp = own.afterCatchUp();
        this.attributes = own.attributes();
        this.emits = own.emits();
        this.inbox = own.inbox();
        this.deferredAnswers = own.deferredAnswers();
        this.acks = own.acks();
        this.rates = own.rates();
        this.user = own.user();
        this.closing = own.closing();
        this.ownership = own.ownership();
        this.lifecycle = own.lifecycle();
        this.memberships = own.memberships();
        this.history = own.history();
        this.notifier = own.notifier();
    }

    /**
     * Says in the log's context that code of this session runs.
     *
     * @param event what it handles; null: none
     */
    LogContext.Scope logged(LogContext logs, @Nullable String event, @Nullable String correlation) {
        return logs.isOn()
                ? logs.enter(namespace.name(), id, principal().id(), event, correlation)
                : LogContext.Scope.NONE;
    }

    // ---- its parts

    public SessionLifecycle lifecycle() {
        return lifecycle;
    }

    /** What has been decided about its user. */
    public SessionUser user() {
        return user;
    }

    public SessionClosing closing() {
        return closing;
    }

    public SessionOwnership ownership() {
        return ownership;
    }

    public AttachedConnection connection() {
        return connection;
    }

    /** What waits until its client has been caught up with. */
    public AfterCatchUp afterCatchUp() {
        return afterCatchUp;
    }

    /** Runs a task when its client has what it missed, or has gone again: at once, unless the client is just being caught up with. */
    public void whenUpToDate(Runnable task) {
        afterCatchUp.run(connection.current(), 0, task);
    }

    public SessionInbox inbox() {
        return inbox;
    }

    /** The questions to its client. */
    public PendingAcks acks() {
        return acks;
    }

    /** How often its client may send what. */
    SessionRates rates() {
        return rates;
    }

    public RoomMemberships memberships() {
        return memberships;
    }

    public ReceivedHistory history() {
        return history;
    }

    /** What has been emitted through this object, or by a handler of this session. */
    public SessionEmits emits() {
        return emits;
    }

    /** Who learns that it has changed. */
    public ChangeNotifier notifier() {
        return notifier;
    }

    DeferredAnswers deferredAnswers() {
        return deferredAnswers;
    }

    // ---- what it is

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable String privateId() {
        return privateId;
    }

    @Override
    public Namespace namespace() {
        return namespace;
    }

    @Override
    public Principal principal() {
        return state.principal();
    }

    @Override
    public boolean isConnected() {
        return state.isConnected() && state.dismissal() == null;
    }

    @Override
    public boolean isClosed() {
        return state.isClosed() || state.dismissal() != null;
    }

    @Override
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(handled);
    }

    /** A handler of an idempotent request is called; null: it has returned. */
    void handles(@Nullable String key) {
        handled = key;
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
        return Optional.ofNullable(connection.handshake());
    }

    @Override
    public Instant connectedAt() {
        return connection.connectedAt();
    }

    @Override
    public Optional<Instant> lastEventAt() {
        return inbox.lastEventAt();
    }

    /** Membership in the namespace as a whole. */
    public Membership<LocalSession> presence() {
        return memberships.presence();
    }

    @Override
    public String toString() {
        return "session " + id + " in " + namespace.name();
    }

    /** Runs what the application makes depend on what it has done to this session, or asked its client. */
    public Executor dependents() {
        return connection.answers();
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
            unwritable = false;
            return false;
        }
        unwritable = !outbox.offer(message);
        writable |= !unwritable;
        return true;
    }

    @Override
    public void missed(Throwable cause) {
        Outbox outbox = connection.live();
        if (outbox != null) { // who is not up to date gets it with what else it missed
            outbox.broke(cause);
        }
    }

    @Override
    public void lost(Throwable cause) {
        try {
            lostReliable();
        } finally {
            SessionConnection on = connection.current();
            if (connection.live() != null) {
                missed(cause);
            } else if (on != null) { // what it is being caught up with does not tell it either
                on.close(DisconnectReason.TRANSPORT_ERROR);
            }
        }
    }

    @Override
    public @Nullable Lag lag() {
        return lag;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // these very ones
    public boolean wasGiven(Membership<?> membership, @Nullable Laggards with) {
        if (lag != null) {
            lag.end();
            lag = null;
        }
        if (!unwritable) {
            if (others != null) { // who reads costs no write
                others = null;
            }
            return false;
        }
        Laggards before = others;
        others = with;
        Outbox outbox = connection.live();
        if (with != null && (before == null || before == with) && outbox != null) {
            lag = membership.lagWith(with, outbox, () -> isOn(outbox));
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // this very outbox
    private boolean isOn(Outbox outbox) {
        return connection.live() == outbox && !history.isBroken();
    }

    @Override
    public void endLag() {
        connection.endLag();
    }

    /** Bytes that wait for its client; negative if it is not there, or is not up to date, so that nothing can be {@linkplain #deliver delivered}. */
    public int waiting() {
        Outbox outbox = connection.live();
        return outbox == null || history.isBroken() ? -1 : outbox.bytes();
    }

    @Override
    public boolean markForFlush() {
        if (flushDue || !(writable || held != null)) {
            return false;
        }
        flushDue = true;
        return true;
    }

    @Override
    public HeldEvents held() {
        HeldEvents waiting = held;
        if (waiting == null) {
            waiting = new HeldEvents();
            held = waiting;
        }
        return waiting;
    }

    @Override
    public void flush() {
        flushDue = false;
        writable = false;
        if (held != null) {
            held.left();
        }
        connection.flush();
    }

    @Override
    public void joinAt(Set<String> rooms, Position position) {
        if (roomChanges.joinAt(this, rooms, position)) {
            changed();
        }
    }

    @Override
    public void leaveAt(Set<String> rooms, Position position) {
        roomChanges.leaveAt(this, rooms, position);
        changed();
    }

    @Override
    public void disconnectAt(boolean closeConnection) {
        var unused = closing.dismiss(closeConnection, SessionDismissal.Order.IN_TURN);
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
        rights.join(this, room);
        changed();
        return room(room);
    }

    /** Takes the rooms into which interceptors put it. */
    EntryRooms entry() {
        return rights.entry();
    }

    /** Enters a room for which nobody is to be asked any more. */
    public void enter(RoomKey room) {
        roomChanges.join(this, room);
        changed();
    }

    /** Leaves a room of the engine's own. */
    public void exit(String room) {
        roomChanges.leave(this, room);
        changed();
    }

    /** Leaves the rooms in which it may not be any more, since its user may do less than before. They are asked for on a thread for handlers. */
    @Override
    public void recheckRooms() {
        rights.recheck(this);
    }

    @Override
    public void leave(RoomKey room) {
        Objects.requireNonNull(room, "room");
        var unused = roomChanges.leave(this, room);
        changed();
    }

    @Override
    public Room move(RoomKey from, RoomKey to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        rights.move(this, from, to);
        changed();
        return room(to);
    }

    @Override
    public Room room(RoomKey room) {
        Objects.requireNonNull(room, "room");
        return namespace.room(room, this);
    }

    // ---- what the application sends

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return namespace.only(this).emit(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        Objects.requireNonNull(event, "event");
        return namespace.only(this).emit(event);
    }

    @Override
    public VolatileAudience asVolatile() {
        return namespace.only(this).asVolatile();
    }

    @Override
    public <T, R> CompletionStage<R> request(Request<T, R> request, T payload, Duration timeout) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(timeout, "timeout");
        return requests.ask(this, request, payload, timeout);
    }

    @Override
    public void disconnect(boolean closeConnection) {
        var unused = closing.dismiss(closeConnection, SessionDismissal.Order.BEHIND_OWN);
    }

    @Override
    public void sendAway(Event<String> event, String words, DisconnectReason reason) {
        if (!isClosed()) {
            if (state.isThere()) {
                var unused = emit(event, words);
            }
            var unused = closing.dismiss(true, SessionDismissal.Order.BEHIND_OWN, reason);
        }
    }

    @Override
    public boolean may(String permission) {
        Objects.requireNonNull(permission, "permission");
        return user.rights().may(principal(), permission, time.nanoTime());
    }

    @Override
    public boolean isMuted() {
        return user.rights().mutedFor(time.nanoTime()) > 0;
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
        return notifier.recorded();
    }

    /** It has changed: see {@link ChangeNotifier#changed()}. */
    public void changed() {
        notifier.changed();
    }

    /** Whether its client is there, even if it is about to be sent away. */
    public boolean hasClient() {
        return state.isConnected();
    }
}
