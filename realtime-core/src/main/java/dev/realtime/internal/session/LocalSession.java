package dev.realtime.internal.session;

import dev.realtime.Attribute;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.FreshReason;
import dev.realtime.Namespace;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.internal.fanout.Recipient;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Stay;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.Position;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session on this node. It is connected, suspended or closed; every transition happens once, under the session's lock, and what the
 * application hears of it comes through the mailbox, in order with the client's events.
 */
public final class LocalSession implements Session, Recipient {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

    /** Where a session is in its life. */
    private enum State {
        CONNECTED,
        SUSPENDED,
        /** On a new connection, and not yet brought up to date. */
        RESUMING,
        CLOSED
    }

    private final SessionScope scope;
    private final String id;
    private final @Nullable String privateId;
    private final Mailbox mailbox;
    private final Attributes attributes;
    private final RoomStays stays;
    private final @Nullable Recorder recorder;

    private volatile Principal principal;
    private volatile State state = State.SUSPENDED;
    private volatile @Nullable Link link; // the connection, while there is one
    private volatile @Nullable Link live; // where the fan-out delivers: the link, once it has been brought up to date
    private volatile String remoteAddress = "";
    private @Nullable PendingAcks acks; // guarded by this
    private Time.@Nullable Timer suspension; // guarded by this
    private Time.@Nullable Timer expiry; // guarded by this
    private long fence; // guarded by this
    private long windowEnd; // guarded by this
    private volatile Position confirmed;
    private volatile Position pinged;
    private volatile long recordedAt;

    // used in the fan-out's turn only
    private boolean flushDue;

    /** A new session; the caller {@linkplain #begin begins} it at once, in the fan-out's turn. */
    public LocalSession(SessionScope scope, String id, @Nullable String privateId, Principal principal) {
        this(scope, id, privateId, principal, Map.of());
        this.confirmed = presence().joined();
        this.pinged = confirmed;
    }

    /** A session that another node, or an earlier engine on this backend, had. */
    public LocalSession(SessionScope scope, SessionRecord session) {
        this(scope, session.sessionId(), session.privateId(), session.principal(), session.attributes(), session);
        this.fence = session.fence();
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
        this.principal = principal;
        this.attributes = new Attributes(scope.context().json(), recorded);
        this.mailbox = new Mailbox(scope.context().workers(), scope.context().inboxLimit(), this::flushLink);
        this.recorder = privateId == null
                ? null
                : new Recorder(
                        scope.context().backend().sessions(),
                        timeToLive(),
                        this::record,
                        () -> close(DisconnectReason.TAKEN_OVER));
        this.stays = new RoomStays(scope.rooms(), this, scope.context().limits().maxRooms(), from);
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

    /** Membership in the namespace as a whole. */
    public Stay<LocalSession> presence() {
        return stays.presence();
    }

    public RoomStays stays() {
        return stays;
    }

    @Override
    public Namespace namespace() {
        return scope.namespace();
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Whether it is connected, or about to be, over this link. */
    public boolean isOn(Link candidate) {
        return link == candidate;
    }

    @Override
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public Optional<String> transport() {
        Link current = link;
        return current == null ? Optional.empty() : Optional.of(current.transport());
    }

    // ---- transitions

    /**
     * A new session begins on this link: CONNECT first, then whatever is emitted from here on. In the fan-out's turn.
     *
     * @return false when the connection had ended already; the session is then as if it had never been
     */
    public boolean begin(Link newLink, @Nullable FreshReason fresh) {
        synchronized (this) {
            state = State.CONNECTED;
            link = newLink;
            remoteAddress = newLink.request().remoteAddress();
            watchExpiry();
        }
        // before the connection knows the session: what it reports next comes behind these in the mailbox
        Mailbox.Task first = fresh == null ? null : () -> tell("onFresh", () -> listenFresh(fresh));
        Mailbox.Task second =
                () -> tell("onConnect", () -> listen(scope.behaviour().onConnect()));
        if (!newLink.attach(this, () -> {
            if (first != null) {
                mailbox.add(first);
            }
            mailbox.add(second);
        })) {
            discard();
            return false;
        }
        scope.context().counters().count(Counters.Name.SESSIONS_CONNECTED);
        newLink.send(connectPacket());
        goLive(newLink);
        changed();
        newLink.flush();
        return true;
    }

    /** It never began: nobody has heard of it. */
    private void discard() {
        synchronized (this) {
            state = State.CLOSED;
            link = null;
            cancelExpiry();
        }
        stays.leaveAll();
        scope.closed().accept(this);
    }

    /**
     * The client is back on a new connection. Until {@link #catchUp} nothing has been said to it, and until {@link #goLive} live
     * deliveries pass by: whoever brings it up to date finds them in the log. In the fan-out's turn.
     *
     * @param claimed the fence of the claim that allows this
     * @return false when the session has ended, a later claim was faster, or the connection has ended
     */
    public boolean returned(Link newLink, long claimed) {
        Link old;
        synchronized (this) {
            if (state == State.CLOSED || claimed < fence) {
                return false;
            }
            fence = claimed;
            old = link;
        }
        if (old != null) {
            connectionLost(old, DisconnectReason.CONNECTION_REPLACED);
            old.close(DisconnectReason.CONNECTION_REPLACED);
        }
        synchronized (this) {
            if (state != State.SUSPENDED) {
                return false;
            }
            state = State.RESUMING;
            link = newLink;
            cancelSuspension();
        }
        if (!newLink.attach(this, () -> {})) {
            connectionLost(newLink, DisconnectReason.TRANSPORT_CLOSED);
            return false;
        }
        return true;
    }

    /**
     * It is certain that the client can be brought up to date: it is told so, and what it missed follows. In the fan-out's turn.
     *
     * @param renewed who the client has shown to be: the same user, perhaps with newer credentials
     * @param since the client has everything up to here
     * @return false when the connection was lost meanwhile
     */
    public boolean catchUp(Link newLink, Principal renewed, Position since) {
        synchronized (this) {
            if (state != State.RESUMING || link != newLink) {
                return false;
            }
            state = State.CONNECTED;
            principal = renewed;
            remoteAddress = newLink.request().remoteAddress();
            scope.suspended().decrementAndGet();
            watchExpiry();
            mailbox.add(() -> tell("onResume", () -> listen(scope.behaviour().onResume())));
        }
        newLink.send(connectPacket());
        confirm(since);
        scope.context().counters().count(Counters.Name.SESSIONS_RESUMED);
        changed();
        return true;
    }

    /** The client is up to date: from here on everything goes straight to it. In the fan-out's turn. */
    public synchronized void goLive(Link newLink) {
        if (link == newLink) {
            live = newLink;
        }
    }

    /** A reliable event was dropped: the session goes on, and will not be resumed. */
    public void lostReliable() {
        stays.forbidReplay();
        changed();
    }

    private OutboundMessage connectPacket() {
        return OutboundMessage.control(scope.encoder().connect(id, privateId));
    }

    private void listen(List<NamespaceSetup.SessionListener> listeners) throws Exception {
        for (NamespaceSetup.SessionListener listener : listeners) {
            listener.accept(this);
        }
    }

    private void listen(List<NamespaceSetup.SessionEndListener> listeners, DisconnectReason reason) throws Exception {
        for (NamespaceSetup.SessionEndListener listener : listeners) {
            listener.accept(this, reason);
        }
    }

    private void listenFresh(FreshReason reason) throws Exception {
        for (NamespaceSetup.FreshListener listener : scope.behaviour().onFresh()) {
            listener.accept(this, reason);
        }
    }

    /** The connection has gone. Ignored when the session lives on another one by now. */
    public void connectionLost(Link lost, DisconnectReason reason) {
        List<PendingAcks.Asker> unanswered;
        synchronized (this) {
            if (link != lost || state == State.CLOSED || state == State.SUSPENDED) {
                return;
            }
            if (state == State.RESUMING && reason.recoverable()) {
                // nobody has heard of this attempt; what is left of the window goes on
                state = State.SUSPENDED;
                link = null;
                waitForClient();
                return;
            }
            boolean suspends = reason.recoverable()
                    && privateId != null
                    && scope.suspended().get() < scope.context().limits().maxConnections();
            if (suspends) {
                state = State.SUSPENDED;
                link = null;
                live = null;
                cancelExpiry();
                scope.suspended().incrementAndGet();
                windowEnd = scope.context().time().nanoTime()
                        + scope.context().recovery().window().toNanos();
                waitForClient();
                mailbox.add(
                        () -> tell("onSuspend", () -> listen(scope.behaviour().onSuspend(), reason)));
            }
            unanswered = suspends && acks != null ? acks.takeAll() : List.of();
        }
        if (state != State.SUSPENDED) {
            close(reason);
            return;
        }
        lose(unanswered);
        scope.context().counters().count(Counters.Name.SESSIONS_SUSPENDED);
    }

    /** A session that came with a record has the whole window before it. */
    public synchronized void await() {
        scope.suspended().incrementAndGet();
        windowEnd = scope.context().time().nanoTime()
                + scope.context().recovery().window().toNanos();
        waitForClient();
    }

    private void waitForClient() {
        Duration left =
                Duration.ofNanos(Math.max(0, windowEnd - scope.context().time().nanoTime()));
        suspension = scope.context().time().schedule(left, this::windowOver);
    }

    private void windowOver() {
        scope.context().workers().execute(() -> {
            synchronized (this) {
                if (state != State.SUSPENDED
                        || windowEnd - scope.context().time().nanoTime() > 0) {
                    return;
                }
            }
            close(DisconnectReason.WINDOW_OVER);
        });
    }

    /** Ends the session for good; whatever is called afterwards is ignored. */
    public void close(DisconnectReason reason) {
        Link last;
        List<PendingAcks.Asker> unanswered;
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            if (state != State.CONNECTED) {
                scope.suspended().decrementAndGet();
            }
            state = State.CLOSED;
            last = link;
            link = null;
            live = null;
            cancelSuspension();
            cancelExpiry();
            unanswered = acks == null ? List.of() : acks.takeAll();
        }
        if (last != null) {
            leave(last, reason);
        }
        stays.leaveAll();
        lose(unanswered);
        forgetRecord(reason);
        scope.context().counters().count(Counters.Name.SESSIONS_CLOSED);
        scope.closed().accept(this);
        mailbox.add(() -> tell("onDisconnect", () -> listen(scope.behaviour().onDisconnect(), reason)));
    }

    private void leave(Link last, DisconnectReason reason) {
        switch (reason) {
            case SERVER_DISCONNECT, CREDENTIALS_EXPIRED -> {
                last.send(OutboundMessage.control(scope.encoder().disconnect()));
                last.detach(this);
                last.flush();
            }
            case CLIENT_DISCONNECT, NOT_RECOVERED -> last.detach(this);
            default -> {
                last.detach(this);
                last.close(reason);
            }
        }
    }

    /** A stopping node leaves the record to the others; in any other case nobody may resume a session that has ended. */
    private void forgetRecord(DisconnectReason reason) {
        Recorder writer = recorder;
        String secret = privateId;
        if (writer == null || secret == null) {
            return;
        }
        CompletionStage<Void> written = writer.end();
        if (reason == DisconnectReason.SERVER_STOPPING || reason == DisconnectReason.TAKEN_OVER) {
            return;
        }
        long mine;
        synchronized (this) {
            mine = fence;
        }
        written.thenCompose(done -> scope.context().backend().sessions().remove(secret, mine))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("the record of session {} could not be removed; it expires", id, failure);
                    }
                });
    }

    private void lose(List<PendingAcks.Asker> unanswered) {
        if (!unanswered.isEmpty()) {
            scope.context().workers().execute(() -> unanswered.forEach(asker -> asker.lost(this)));
        }
    }

    private void cancelSuspension() {
        if (suspension != null) {
            suspension.cancel();
            suspension = null;
        }
    }

    private void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
        }
    }

    private void watchExpiry() {
        cancelExpiry();
        principal
                .expiresAt()
                .ifPresent(end -> expiry = scope.context()
                        .time()
                        .schedule(scope.context().credentialClock().until(end), this::expired));
    }

    private void expired() {
        scope.context().workers().execute(() -> close(DisconnectReason.CREDENTIALS_EXPIRED));
    }

    /** New credentials of the same user. */
    void renew(Principal renewed) {
        synchronized (this) {
            principal = renewed;
            if (state == State.CONNECTED) {
                watchExpiry();
            }
        }
        changed();
    }

    private @Nullable CompletionStage<?> tell(String what, Telling telling) {
        try {
            telling.run();
        } catch (Exception e) {
            LOG.error("{} failed for session {}; the session goes on", what, id, e);
        }
        return null;
    }

    /** Calls listeners. */
    @FunctionalInterface
    private interface Telling {
        void run() throws Exception;
    }

    // ---- what the client sends

    /** An event of the client. */
    public void received(Link from, Packet packet) {
        if (!mailbox.offer(() -> state == State.CLOSED ? null : scope.pipeline().handle(this, from, packet))) {
            scope.context().counters().count(Counters.Name.INBOX_OVERFLOW);
            LOG.info("session {} sent more events than may wait", id);
            close(DisconnectReason.FLOOD);
        }
    }

    /** An answer of the client. One that nobody waits for is counted and ignored. */
    public void answered(Packet packet) {
        PendingAcks.Asker asker;
        synchronized (this) {
            asker = acks == null ? null : acks.take(packet.ackId());
        }
        if (asker == null) {
            scope.context().counters().count(Counters.Name.ACKS_UNEXPECTED);
            return;
        }
        PendingAcks.Asker waiting = asker;
        scope.context().workers().execute(() -> waiting.answered(this, packet));
    }

    /** A ping is about to leave: whatever the fan-out has passed is before it, unless the client is still being brought up to date. */
    public void pinged() {
        Position passed = scope.fanout().position();
        if (live != null) {
            pinged = passed;
        }
    }

    /** The pong came: the client has all that was sent before the ping. */
    public void ponged() {
        confirm(pinged);
        if (recorder != null
                && scope.context().time().nanoTime() - recordedAt
                        > scope.context().recovery().window().toNanos() / 2) {
            changed();
        }
    }

    private void confirm(Position position) {
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
        Link current = live;
        if (current != null) {
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
        Link current = live;
        if (current != null) {
            current.flush();
        }
    }

    @Override
    public void joinAt(Set<String> rooms, Position position) {
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            for (String room : rooms) {
                if (!stays.join(room, position)) {
                    LOG.warn("session {} is in as many rooms as allowed and does not join another", id);
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
        disconnect(closeConnection);
    }

    @Override
    public boolean wasIn(String room, @Nullable Position position) {
        return stays.wasIn(room, position);
    }

    @Override
    public void entered(Stay<?> stay) {
        stays.entered(stay);
    }

    // ---- rooms

    @Override
    public Set<RoomKey> rooms() {
        return stays.keys();
    }

    @Override
    public Room join(RoomKey room) {
        synchronized (this) {
            if (state != State.CLOSED && !stays.join(room.toString(), null)) {
                throw new IllegalStateException("session " + id + " is already in "
                        + scope.context().limits().maxRooms() + " rooms (maxRooms)");
            }
        }
        changed();
        return room(room);
    }

    @Override
    public void leave(RoomKey room) {
        synchronized (this) {
            stays.leave(room.toString(), null);
        }
        changed();
    }

    @Override
    public Room move(RoomKey from, RoomKey to) {
        synchronized (this) {
            if (state != State.CLOSED && !stays.move(from.toString(), to.toString())) {
                throw new IllegalStateException("session " + id + " is already in "
                        + scope.context().limits().maxRooms() + " rooms (maxRooms)");
            }
        }
        changed();
        return room(to);
    }

    @Override
    public Room room(RoomKey room) {
        return scope.namespace().room(room);
    }

    // ---- what the application sends

    @Override
    public <T> CompletionStage<Position> emit(Event<T> event, T payload) {
        return scope.namespace().session(id).emit(event, payload);
    }

    @Override
    public CompletionStage<Position> emit(Event<Void> event) {
        return scope.namespace().session(id).emit(event);
    }

    @Override
    public VolatileAudience asVolatile() {
        return scope.namespace().session(id).asVolatile();
    }

    @Override
    public <T, R> CompletionStage<R> request(Request<T, R> request, T payload, Duration timeout) {
        return ClientRequest.ask(this, request, payload, timeout);
    }

    /** Remembers a question before it is sent. False when the client is not there, or too many are open. */
    public boolean expect(long ackId, PendingAcks.Asker asker) {
        synchronized (this) {
            if (live == null || state != State.CONNECTED) {
                return false;
            }
            if (acks == null) {
                acks = new PendingAcks(scope.context().inboxLimit());
            }
            return acks.expect(ackId, asker);
        }
    }

    /** Nobody waits for this answer any more. */
    public void forget(long ackId) {
        synchronized (this) {
            if (acks != null) {
                acks.take(ackId);
            }
        }
    }

    // ---- what it remembers

    @Override
    public <T> @Nullable T get(Attribute<T> attribute) {
        return attributes.get(attribute);
    }

    @Override
    public <T> void set(Attribute<T> attribute, @Nullable T value) {
        attributes.set(attribute, value);
        if (attribute.isRecorded()) {
            changed();
        }
    }

    @Override
    public CompletionStage<Void> recorded() {
        return recorder == null ? CompletableFuture.completedFuture(null) : recorder.recorded();
    }

    private void changed() {
        if (recorder != null) {
            recordedAt = scope.context().time().nanoTime();
            recorder.changed();
        }
    }

    private synchronized SessionRecord record() {
        String secret = privateId;
        if (secret == null) {
            throw new IllegalStateException("a session without recovery has no record");
        }
        return new SessionRecord(
                secret,
                id,
                scope.namespace().name(),
                principal,
                attributes.record(),
                scope.context().node(),
                fence,
                scope.context().backend().epoch(),
                presence().joined(),
                confirmed,
                stays.record(),
                stays.exactFrom());
    }

    @Override
    public void disconnect(boolean closeConnection) {
        Link current = link;
        close(DisconnectReason.SERVER_DISCONNECT);
        if (closeConnection && current != null) {
            current.close(DisconnectReason.SERVER_DISCONNECT);
        }
    }

    /** Completes when all events that were received have been handled. */
    public CompletionStage<Void> whenIdle() {
        return mailbox.whenIdle();
    }

    @Override
    public String toString() {
        return "session " + id + " in " + scope.namespace().name();
    }
}
