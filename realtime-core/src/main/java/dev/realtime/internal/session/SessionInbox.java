package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client of a session has sent and nobody has handled yet, and what of the answers cannot leave. Events are handled one after another in
 * the order in which they came. While too much waits, the connection is not read. Thread-safe.
 */
public final class SessionInbox {
    private static final Logger LOG = LoggerFactory.getLogger(SessionInbox.class);

    private final LocalSession session;
    private final SessionState state;
    private final AttachedConnection connection;
    private final Pipeline pipeline;
    private final Mailbox mailbox;
    private final HandlerWatch watch;
    private final boolean direct;
    private final Backlog backlog;
    private final Executor workers;
    private final Time time;
    private final Counters counters;
    private final BoundedLog lines;
    private volatile long lastEvent; // by the monotonic clock; 0: none yet
    private volatile @Nullable Refusals refusals; // null until there is one

    /**
     * @param watch looks how long handlers take
     * @param direct whether handlers run on the thread that reads
     * @param workers reads on when there is room again
     */
    SessionInbox(
            LocalSession session,
            SessionState state,
            AttachedConnection connection,
            Pipeline pipeline,
            Mailbox mailbox,
            HandlerWatch watch,
            boolean direct,
            Backlog backlog,
            Executor workers,
            Time time,
            Counters counters,
            BoundedLog lines) {
        this.session = session;
        this.state = state;
        this.connection = connection;
        this.pipeline = pipeline;
        this.mailbox = mailbox;
        this.watch = watch;
        this.direct = direct;
        this.backlog = backlog;
        this.workers = workers;
        this.time = time;
        this.counters = counters;
        this.lines = lines;
    }

    /** Takes an event of the client. */
    public void received(SessionConnection from, Packet packet) {
        long now = time.nanoTime() | 1; // never 0, and no clock is that exact
        lastEvent = now;
        session.notifier().active();
        watch.comes(now);
        long cost = Backlog.cost(packet);
        if (arrives(from, cost)) {
            if (!offer(from, now, () -> handle(from, packet, cost, false))) {
                handled(cost);
            }
        }
    }

    private boolean offer(SessionConnection from, long now, Mailbox.Task task) {
        if (direct) {
            from.handlesHere(now);
            boolean taken = mailbox.offerHere(task, now);
            from.handledHere();
            return taken;
        }
        return mailbox.offer(task);
    }

    /** Handles something in its turn that came before, and for which nothing waited. */
    void handleLater(Mailbox.Task task) {
        mailbox.put(() -> unlessPostponed(task)).run();
    }

    /** What is postponed again is next when it is known how it goes on. */
    private @Nullable CompletionStage<?> unlessPostponed(Mailbox.Task task) {
        CompletionStage<?> pending = task.run();
        if (pending instanceof Postponed postponed) {
            var rest = postponed.rest();
            if (rest != null) {
                mailbox.putFirst(() -> unlessPostponed(rest::get));
            }
        }
        return pending;
    }

    /** Looks how long handlers of its events take. */
    HandlerWatch watch() {
        return watch;
    }

    /** See {@link SessionState#isDeaf()}. */
    boolean isDeaf() {
        return state.isDeaf();
    }

    /** When the client sent its last event to this node. */
    Optional<Instant> lastEventAt() {
        long last = lastEvent;
        return last == 0 ? Optional.empty() : Optional.of(time.now().minusNanos(time.nanoTime() - last));
    }

    /** By the monotonic clock; 0 if the client has sent nothing yet. */
    public long lastEventNanos() {
        return lastEvent;
    }

    private @Nullable CompletionStage<?> handle(SessionConnection from, Packet packet, long cost, boolean again) {
        CompletionStage<?> pending = null;
        try {
            pending = state.isDeaf() ? null : pipeline.handle(session, from, packet, again);
        } finally {
            if (pending == null) {
                handled(cost);
            }
        }
        return behind(from, packet, cost, pending);
    }

    private @Nullable CompletionStage<?> goOn(
            SessionConnection from, Packet packet, long cost, Supplier<? extends @Nullable CompletionStage<?>> rest) {
        CompletionStage<?> pending = null;
        try {
            pending = rest.get();
        } finally {
            if (pending == null) {
                handled(cost);
            }
        }
        return behind(from, packet, cost, pending);
    }

    private @Nullable CompletionStage<?> behind(
            SessionConnection from, Packet packet, long cost, @Nullable CompletionStage<?> pending) {
        if (pending == null) {
            return pause();
        }
        if (pending instanceof Postponed postponed) {
            var rest = postponed.rest();
            mailbox.putFirst(
                    rest == null ? () -> handle(from, packet, cost, true) : () -> goOn(from, packet, cost, rest));
            return pending;
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

    /**
     * Counts something that waits to be handled; {@link #handled} follows.
     *
     * @return false when there is no room for it; the session has then been closed
     */
    boolean arrives(SessionConnection from, long cost) {
        switch (backlog.add(cost)) {
            case ROOM -> {}
            case FILLED -> stopReading(from);
            case REFUSED -> {
                counters.count(Counters.Name.INBOX_OVERFLOW);
                lines.info(
                        LOG,
                        AddressKey.of(connection.remoteAddress()),
                        "session {} of user {} has sent more than may wait, and is closed",
                        session.id(),
                        session.principal().id());
                session.closing().close(DisconnectReason.FLOOD);
                return false;
            }
        }
        return true;
    }

    void handled(long cost) {
        if (backlog.remove(cost)) {
            readOn();
        }
    }

    /** Keeps an answer that cannot leave yet; {@link #release} follows. */
    void hold(long size) {
        mailbox.goesOn();
        if (backlog.hold(size)) {
            SessionConnection current = connection.current();
            if (current != null) {
                stopReading(current);
            }
        }
    }

    /** Lets go of an answer that has left, or never will. */
    void release(long size) {
        if (backlog.release(size)) {
            workers.execute(this::readOn); // what is read then may be decoded and handled right there
        }
        mailbox.ends();
    }

    /** An answer has been sent whose handler may go on. Handlers on the thread that reads have promised not to. */
    void sent() {
        if (!direct) {
            mailbox.flushSoon();
        }
    }

    private void stopReading(SessionConnection from) {
        counters.count(Counters.Name.READING_PAUSED);
        from.roomChanged(session);
    }

    private void readOn() {
        SessionConnection current = connection.current();
        if (current != null) {
            current.roomChanged(session);
        }
    }

    /** Whether so much waits that the client's connection is not to be read. */
    public boolean isFull() {
        return backlog.isFull();
    }

    /**
     * Counts an event that was refused and asks for no answer.
     *
     * @return how many of which the client was not told came before it; negative if the client does not hear of this one either
     */
    long refused() {
        Refusals all = refusals;
        if (all == null) {
            synchronized (this) {
                all = refusals;
                if (all == null) {
                    all = new Refusals(time);
                    refusals = all;
                }
            }
        }
        long untold = all.next();
        if (untold < 0) {
            counters.count(Counters.Name.REFUSALS_UNTOLD);
        }
        return untold;
    }

    /** Takes nothing further: the node stops, and what comes from now on was not received. */
    public void close() {
        mailbox.endIntake();
    }

    /** Takes what comes again: the client has come back over another connection. */
    void open() {
        mailbox.beginIntake();
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
}
