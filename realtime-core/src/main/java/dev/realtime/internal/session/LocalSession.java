package dev.realtime.internal.session;

import dev.realtime.Attribute;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.TooManyRoomsException;
import dev.realtime.VolatileAudience;
import dev.realtime.internal.fanout.Recipient;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.system.UserStage;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session on this node: what the application, the client and the fan-out see of it. Where it is in its life is {@link SessionLifecycle}'s,
 * where it is in the namespace {@link RoomMemberships}'.
 */
public final class LocalSession implements Session, Recipient {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

    private final SessionScope scope;
    private final String id;
    private final @Nullable String privateId;
    private final Mailbox mailbox;
    private final Backlog backlog;
    private final Attributes attributes;
    private final RoomMemberships stays;
    private final SessionLifecycle life;
    private final @Nullable OwnedRecord record;
    private volatile String epoch; // of the backend, in which its history is unbroken
    private volatile boolean behindBreak; // of that history: see historyBroke

    private volatile Position confirmed;
    private volatile Position pinged;
    private volatile long recordedAt;
    private volatile @Nullable Published
            published; // the last through this object or by a handler, from whatever thread

    private volatile @Nullable Refusals refusals; // null until there is one
    private volatile @Nullable DeferredAnswers heldAnswers; // null until there is one

    // used in the fan-out's turn only
    private boolean flushDue;

    /** A new session; the caller {@linkplain SessionLifecycle#begin begins} it at once, in the fan-out's turn. */
    public LocalSession(SessionScope scope, String id, @Nullable String privateId, Principal principal) {
        this(scope, id, privateId, principal, Map.of());
        this.confirmed = presence().joined();
        this.pinged = confirmed;
    }

    /** A session that another node, or an earlier engine on this backend, had. */
    public LocalSession(SessionScope scope, SessionRecord session, Principal principal) {
        this(scope, session.sessionId(), session.privateId(), principal, session.attributes(), session);
        this.confirmed = session.confirmed();
        this.pinged = confirmed;
    }

    private LocalSession(
            SessionScope scope,
            String id,
            @Nullable String privateId,
            Principal principal,
            Map<String, String> recorded) {
        this(scope, id, privateId, principal, recorded, null);
    }

    @SuppressWarnings({"this-escape", "NullAway.Init"
    }) // rooms know the session before it is attached, and do not use it until then
    private LocalSession(
            SessionScope scope,
            String id,
            @Nullable String privateId,
            Principal principal,
            Map<String, String> recorded,
            @Nullable SessionRecord from) {
        this.scope = scope;
        this.id = id;
        this.privateId = privateId;
        this.epoch = from == null ? scope.context().backend().epoch() : from.epoch();
        this.attributes = new Attributes(scope.context().json(), recorded);
        this.mailbox = new Mailbox(
                this::runHandler,
                scope.behaviour().direct() ? Runnable::run : this::runHandler,
                scope.context().workers(),
                this::flushLink,
                scope.context().lines());
        this.backlog = new Backlog(scope.context().inbound(), scope.context().limits());
        this.record = privateId == null
                ? null
                : new OwnedRecord(
                        scope.context().backend().sessions(),
                        scope.context().time(),
                        scope.context().backend()::isDegraded,
                        timeToLive(),
                        this::snapshot,
                        this::claimedAgain,
                        this::fenced,
                        scope.context().lines(),
                        new RecordWriteRate(
                                scope.context().limits().recordsPerSecond(),
                                scope.context().time(),
                                () -> scope.context().counters().count(Counters.Name.RECORDS_DELAYED)),
                        scope.ended());
        this.life = new SessionLifecycle(
                scope,
                this,
                new SessionListeners(this, mailbox, scope.behaviour()),
                principal,
                from == null ? Home.first(scope.context().node()) : from.home());
        this.stays = new RoomMemberships(
                scope.rooms(), this, scope.context().limits().maxRooms(), from);
    }

    private void runHandler(Runnable turn) {
        life.handlers().execute(turn);
    }

    private void claimedAgain(Home claimed) {
        life.claimed(claimed);
    }

    /** Claimed by another node, or by this one for a client that is just coming back. */
    private CompletionStage<Boolean> fenced() {
        return life.confirmHome();
    }

    private Duration timeToLive() {
        // a live session writes its record at least every half window
        return scope.context()
                .recovery()
                .window()
                .multipliedBy(2)
                .plus(scope.context().heartbeat().interval())
                .plus(scope.context().heartbeat().timeout());
    }

    public SessionScope scope() {
        return scope;
    }

    @Override
    public String id() {
        return id;
    }

    public @Nullable String privateId() {
        return privateId;
    }

    /** The backend's epoch in which everything that concerns this session has reached it. */
    public String epoch() {
        return epoch;
    }

    /** It has met what no other node has, or missed what they have: it goes on here, and nobody resumes it. */
    public void hadGap(String gap) {
        behindBreak = true;
        epoch = epoch + "~" + gap;
        changed();
    }

    /** What comes now may lie behind something that its client has missed: nothing more is delivered to it, and its connection is about to be closed. */
    public void historyBroke() {
        behindBreak = true;
    }

    /** Membership in the namespace as a whole. */
    public Membership<LocalSession> presence() {
        return stays.presence();
    }

    /** Where it is in its life, and what may happen to it. */
    public SessionLifecycle life() {
        return life;
    }

    public RoomMemberships stays() {
        return stays;
    }

    @Override
    public Namespace namespace() {
        return scope.namespace();
    }

    @Override
    public Principal principal() {
        return life.principal();
    }

    @Override
    public boolean isConnected() {
        return life.isConnected() && !life.isDismissed();
    }

    @Override
    public boolean isClosed() {
        return life.isClosed() || life.isDismissed();
    }

    @Override
    public String remoteAddress() {
        return life.remoteAddress();
    }

    @Override
    public Optional<String> transport() {
        SessionConnection current = life.link();
        return current == null ? Optional.empty() : Optional.of(current.transport());
    }

    // ---- what the client sends

    /** An event of the client. */
    public void received(SessionConnection from, Packet packet) {
        long cost = Backlog.cost(packet);
        if (arrives(from, cost)) {
            if (!mailbox.offer(() -> handle(from, packet, cost))) {
                handled(cost);
            }
        }
    }

    /** The node stops: what comes from now on was not received. */
    public void endIntake() {
        mailbox.endIntake();
    }

    private @Nullable CompletionStage<?> handle(SessionConnection from, Packet packet, long cost) {
        CompletionStage<?> pending = null;
        try {
            pending = life.isDeaf() ? null : scope.pipeline().handle(this, from, packet);
        } finally {
            if (pending == null) {
                handled(cost);
            }
        }
        if (pending == null) {
            return pause();
        }
        return pending.whenComplete((done, failure) -> handled(cost)).thenCompose(done -> {
            CompletionStage<Void> pause = pause();
            return pause == null ? CompletableFuture.completedFuture(null) : pause;
        });
    }

    /** Completes when the next event may be handled; null when that is now. */
    private @Nullable CompletionStage<Void> pause() {
        CompletionStage<Void> fewer = backlog.whenFewer();
        Refusals some = refusals;
        return fewer != null || some == null ? fewer : some.rest();
    }

    /** Counts something that waits to be handled; {@link #handled} follows. False, and the session ends, when there is no room for it. */
    boolean arrives(SessionConnection from, long cost) {
        switch (backlog.add(cost)) {
            case ROOM -> {}
            case FILLED -> filled(from);
            case REFUSED -> {
                scope.context().counters().count(Counters.Name.INBOX_OVERFLOW);
                scope.context()
                        .lines()
                        .info(LOG, AddressKey.of(remoteAddress()), "session {} sent more than may wait", id);
                life.close(DisconnectReason.FLOOD);
                return false;
            }
        }
        return true;
    }

    private void filled(SessionConnection from) {
        scope.context().counters().count(Counters.Name.READING_PAUSED);
        from.roomChanged(this);
    }

    void handled(long cost) {
        if (backlog.remove(cost)) {
            hasRoom();
        }
    }

    private void hasRoom() {
        SessionConnection current = life.link();
        if (current != null) {
            current.roomChanged(this);
        }
    }

    /** Whether so much of its client waits that its connection is not to be read. */
    public boolean isFull() {
        return backlog.isFull();
    }

    /** A ping is about to leave: whatever the fan-out has passed is before it, unless the client is still being brought up to date. */
    public void pinged() {
        Position passed = scope.fanout().position();
        // the entry that sends a session away stays news to its record until it has ended: another node may have to
        // read it there
        if (life.live() != null && !behindBreak && !life.isDismissed()) {
            pinged = passed;
        }
    }

    /** The pong came: the client has all that was sent before the ping. */
    public void ponged() {
        confirm(pinged);
    }

    /** Its record is written again before the store may forget it, whether its client is read or not. */
    public void keepRecord() {
        if (record != null
                && scope.context().time().nanoTime() - recordedAt
                        > scope.context().recovery().window().toNanos() / 2) {
            changed();
        }
    }

    void confirm(Position position) {
        confirmed = Position.max(confirmed, position);
        stays.forgetBefore(confirmed);
    }

    /** The client has received everything up to here. */
    public Position confirmed() {
        return confirmed;
    }

    // ---- what the fan-out delivers

    @Override
    public boolean deliver(OutboundMessage message) {
        SessionConnection current = life.live();
        if (current != null && !behindBreak) {
            current.send(message);
            return true;
        }
        return false;
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
        flushLink();
    }

    private void flushLink() {
        SessionConnection current = life.live();
        if (current != null) {
            current.flush();
        }
    }

    @Override
    public void joinAt(Set<String> rooms, Position position) {
        synchronized (this) {
            if (life.isClosed()) {
                return;
            }
            for (String room : rooms) {
                if (!stays.join(room, position)) {
                    scope.context()
                            .lines()
                            .warn(
                                    LOG,
                                    AddressKey.of(remoteAddress()),
                                    "session {} is in as many rooms as allowed and does not join another",
                                    id);
                }
            }
        }
        changed();
    }

    @Override
    public void leaveAt(Set<String> rooms, Position position) {
        synchronized (this) {
            for (String room : rooms) {
                stays.leave(room, position);
            }
        }
        changed();
    }

    @Override
    public void disconnectAt(boolean closeConnection) {
        var unused = life.dismiss(closeConnection, ServerDisconnect.InOrder.HERE);
    }

    @Override
    public boolean wasIn(String room, @Nullable Position position) {
        return stays.wasIn(room, position);
    }

    @Override
    public void entered(Membership<?> stay) {
        stays.entered(stay);
    }

    // ---- rooms

    @Override
    public Set<RoomKey> rooms() {
        return stays.keys();
    }

    @Override
    public Room join(RoomKey room) {
        Objects.requireNonNull(room, "room");
        synchronized (this) {
            if (!isClosed() && !stays.join(room.toString(), null)) {
                throw new TooManyRoomsException("session " + id + " is already in "
                        + scope.context().limits().maxRooms() + " rooms (maxRooms)");
            }
        }
        changed();
        return room(room);
    }

    @Override
    public void leave(RoomKey room) {
        Objects.requireNonNull(room, "room");
        synchronized (this) {
            if (!isClosed()) {
                stays.leave(room.toString(), null);
            }
        }
        changed();
    }

    @Override
    public Room move(RoomKey from, RoomKey to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        synchronized (this) {
            if (!isClosed() && !stays.move(from.toString(), to.toString())) {
                throw new TooManyRoomsException("session " + id + " is already in "
                        + scope.context().limits().maxRooms() + " rooms (maxRooms)");
            }
        }
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

    /** Remembers a question before it is sent. False when the client is not there, or too many are open. */
    public boolean expect(long ackId, PendingAcks.Asker asker) {
        return life.expect(ackId, asker);
    }

    /** Nobody waits for this answer any more. */
    public void forget(long ackId) {
        life.forget(ackId);
    }

    /** The offset that the client came with, of a session before this one: it keeps it until it receives another. */
    public void carried(Position offset) {
        stays.carried(offset);
    }

    /** A reliable event was dropped: the session goes on, and will not be resumed. */
    public void lostReliable() {
        stays.forbidReplay();
        changed();
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

    /** The same for the engine itself: completes on the thread that hears of it. */
    public CompletionStage<Void> written() {
        return record == null ? CompletableFuture.completedFuture(null) : record.recorded();
    }

    /** Runs what the application makes depend on what it has done to this session, or asked its client. */
    public Executor dependents() {
        return life.answers();
    }

    void changed() {
        if (record != null) {
            recordedAt = scope.context().time().nanoTime();
            record.changed();
        }
    }

    /** What the backend may have missed while it was away. */
    public void writeAgain() {
        changed();
    }

    /** Null without recovery. */
    @Nullable
    OwnedRecord record() {
        return record;
    }

    private synchronized SessionRecord snapshot() {
        String secret = privateId;
        if (secret == null) {
            throw new IllegalStateException("a session without recovery has no record");
        }
        return SessionRecord.of(secret, id, scope.namespace().name(), life.home())
                .principal(life.principal())
                .attributes(attributes.record())
                .epoch(epoch)
                .start(presence().joined())
                .confirmed(confirmed)
                .memberships(stays.record())
                .exactFrom(stays.exactFrom());
    }

    @Override
    public void disconnect(boolean closeConnection) {
        var unused = life.dismiss(closeConnection, ServerDisconnect.InOrder.BEHIND_OWN);
    }

    /** The connection is being closed by the application: this session says goodbye as well. Completes when it has. */
    public CompletionStage<Void> dismiss() {
        return life.dismiss(false, ServerDisconnect.InOrder.BEHIND_OWN);
    }

    /** Something has been emitted through this object, or by a handler of this session. */
    public void published(Published now) {
        published = Publisher.later(published, now);
    }

    /** It has met its recipients, and what comes after it need not look whether it has. */
    @SuppressWarnings("ReferenceEquality") // this very one, and none that came since
    void passed(Published met) {
        if (published == met) {
            published = null;
        }
    }

    /** The last that has been emitted through this object, unless it has met its recipients. */
    @Nullable
    Published publishedUnderWay() {
        Published last = published;
        return last == null || scope.publisher().isPassed(last) ? null : last;
    }

    /** The last that has been emitted through this object behind a mark, by any thread. */
    @Nullable
    Published publishedSince(long mark) {
        Published last = published;
        return last != null && last.number() > mark ? last : null;
    }

    /** Whether no earlier answer still waits. */
    boolean answeredAllBefore() {
        DeferredAnswers held = heldAnswers;
        return held == null || held.isEmpty();
    }

    DeferredAnswers heldAnswers() {
        DeferredAnswers held = heldAnswers;
        if (held == null) {
            synchronized (this) {
                held = heldAnswers;
                if (held == null) {
                    held = new DeferredAnswers(this);
                    heldAnswers = held;
                }
            }
        }
        return held;
    }

    /** An answer has to wait; {@link #letGo} follows. */
    void holds(long size) {
        mailbox.goesOn();
        if (backlog.hold(size)) {
            SessionConnection current = life.link();
            if (current != null) {
                filled(current);
            }
        }
    }

    void letGo(long size) {
        if (backlog.release(size)) {
            scope.context()
                    .workers()
                    .execute(this::hasRoom); // what is read then may be decoded and handled right there
        }
        mailbox.ends();
    }

    /**
     * An event that asks for no answer has been refused.
     *
     * @return how many of which the client was not told came before it; negative if the client does not hear of this one either
     */
    long refused() {
        Refusals all = refusals;
        if (all == null) {
            synchronized (this) {
                all = refusals;
                if (all == null) {
                    all = new Refusals(scope.context().time());
                    refusals = all;
                }
            }
        }
        long untold = all.next();
        if (untold < 0) {
            scope.context().counters().count(Counters.Name.REFUSALS_UNTOLD);
        }
        return untold;
    }

    /** Completes when what has been answered has left: an answer may wait for its record, or for its place. */
    CompletionStage<Void> whenAnswered() {
        return mailbox.whenAnswered();
    }

    /** Completes when all events that were received have been handled and answered. */
    public CompletionStage<Void> whenIdle() {
        Refusals some = refusals;
        if (some != null) {
            some.hurry();
        }
        return mailbox.whenIdle();
    }

    @Override
    public String toString() {
        return "session " + id + " in " + scope.namespace().name();
    }
}
