package dev.realtime.internal.session;

import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.system.UserStage;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Time;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who learns that a session has changed: the backend, by its record, and the feature that tells the other nodes. Thread-safe. */
public final class ChangeNotifier {
    private final LocalSession session; // also the lock
    private final @Nullable OwnedRecord record;
    private final @Nullable AbsenceNotice absence;
    private final SessionChanges listener;
    private final Lifetime lifetime;
    private final LogContext logs;

    private volatile boolean idle;
    private final AtomicLong awaySince;

    /**
     * @param record null without recovery
     * @param absence null: nobody is told that its client is away
     * @param awaySince by the word that its former home has heard; 0 if there is none
     */
    ChangeNotifier(
            LocalSession session,
            @Nullable OwnedRecord record,
            @Nullable AbsenceNotice absence,
            long awaySince,
            SessionChanges listener,
            Lifetime lifetime,
            LogContext logs) {
        this.session = session;
        this.record = record;
        this.absence = absence;
        this.awaySince = new AtomicLong(awaySince);
        this.listener = listener;
        this.lifetime = lifetime;
        this.logs = logs;
    }

    /** The session has begun: from now on its record is written. */
    void begun() {
        if (record != null) {
            record.changed();
            record.begin();
        }
        listener.changed(session);
    }

    /** Writes the record, since the session has changed, or the backend may have missed something while it was away. */
    void changed() {
        if (record != null) {
            record.changed();
        }
        listener.changed(session);
    }

    /** Its client has gone, which is no matter of the record. */
    void suspended() {
        listener.changed(session);
    }

    /** The session goes on with its client, and is what it was but for its home. */
    void resumed() {
        if (record != null) {
            record.resumed();
        }
        listener.changed(session);
    }

    /**
     * The session has ended here.
     *
     * @param elsewhere whether it goes on at another node
     */
    void ended(boolean elsewhere) {
        listener.ended(session, elsewhere);
    }

    /** Its client has sent nothing for so long that somebody wants to hear when it does; or no longer. */
    public void idle(boolean now) {
        idle = now;
    }

    /** Its client has sent something. */
    void active() {
        if (idle) {
            idle = false;
            listener.active(session);
        }
    }

    /** Since when nobody sits before its client, by its own word or the application's: in milliseconds; 0 if nobody has said so. */
    public long awaySince() {
        return awaySince.get();
    }

    /**
     * Its client or the application says that nobody sits there, or that somebody does. Its next home is to know.
     *
     * @param millis 0: somebody does
     * @return what was known before
     */
    public long away(long millis) {
        long before = millis == 0 ? awaySince.getAndSet(0) : awaySince.compareAndExchange(0, millis);
        if (record != null && (before == 0) != (millis == 0)) {
            record.changed();
        }
        return before;
    }

    // ---- its record

    /** See {@link dev.realtime.Session#recorded()}: for the application. */
    CompletionStage<Void> recorded() {
        IllegalStateException end = lifetime.end();
        return end == null
                ? UserStage.of(lifetime.within(written()), logs.here(session.dependents()))
                : CompletableFuture.failedFuture(end);
    }

    /** The same for the engine itself: completes on the thread that hears of it. */
    public CompletionStage<Void> written() {
        return record == null ? CompletableFuture.completedFuture(null) : record.recorded();
    }

    /** Writes the record again before the store may forget it, whether the client is read or not. */
    public void keepRecord() {
        if (record != null) {
            record.keep();
        }
    }

    /** The store has the record as the session is now, and keeps it until then: see {@link Time#nanoTime()}. */
    public void recordIsStored(long until) {
        if (record != null) {
            record.isStored(until);
        }
    }

    /** The record as it is to be written now; only with recovery. */
    SessionRecord record() {
        String secret = session.privateId();
        if (secret == null) {
            throw new IllegalStateException("a session without recovery has no record");
        }
        synchronized (session) {
            return SessionRecord.of(
                            secret,
                            session.id(),
                            session.namespace().name(),
                            session.ownership().home())
                    .principal(session.principal())
                    .attributes(session.recordedAttributes())
                    .epoch(session.history().epoch())
                    .start(session.presence().joined())
                    .confirmed(session.history().confirmed())
                    .memberships(session.memberships().record())
                    .exactFrom(session.memberships().exactFrom())
                    .absenceTold(absence != null && absence.isTold())
                    .awaySince(awaySince.get());
        }
    }
}
