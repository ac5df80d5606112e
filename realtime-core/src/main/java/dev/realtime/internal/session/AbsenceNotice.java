package dev.realtime.internal.session;

import dev.realtime.Audience;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup.AbsenceAudience;
import dev.realtime.TypeToken;
import dev.realtime.internal.system.Workers;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who may see a user that the client of its session is away, once for each absence, whatever nodes have the session meanwhile: the record says whether it has been
 * told. Where the server expects the client to come at once, it waits a little. Thread-safe.
 */
final class AbsenceNotice {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final LocalSession session; // also the lock
    private final SessionState state;
    private final SuspensionWindow window;
    private final SessionListeners listeners;
    private final AbsenceAudience audience;
    private final Event<Map<String, Object>> event;
    private final Duration grace;
    private final Time time;
    private final Workers workers;
    private boolean told; // guarded by the lock
    private int returns; // guarded by the lock
    private Time.@Nullable Timer timer; // guarded by the lock
    private boolean overdue; // it was time to tell, and the client was just coming; guarded by the lock

    /**
     * @param name of the event
     * @param length of the recovery window
     * @param told whether it has been told of the present absence, at another node
     */
    AbsenceNotice(
            LocalSession session,
            SessionState state,
            SuspensionWindow window,
            SessionListeners listeners,
            AbsenceAudience audience,
            String name,
            Duration length,
            boolean told,
            Time time,
            Workers workers) {
        this.session = session;
        this.state = state;
        this.window = window;
        this.listeners = listeners;
        this.audience = audience;
        this.event = Event.of(name, new TypeToken<Map<String, Object>>() {});
        this.grace = GRACE.multipliedBy(2).compareTo(length) < 0 ? GRACE : length.dividedBy(2);
        this.told = told;
        this.time = time;
        this.workers = workers;
    }

    /** Whether it has been told, and the client has not come back since. Under the lock. */
    boolean isTold() {
        return told;
    }

    /** The connection is lost. Returns what begins the telling. Under the lock. */
    Runnable suspended(DisconnectReason reason) {
        switch (reason) {
            case CONNECTION_REPLACED, SERVER_STOPPING, EPOCH_CHANGED -> {
                await();
                return () -> {};
            }
            default -> {
                return telling();
            }
        }
    }

    /** The client may come at any moment: it is told after a while, unless it has been. Under the lock. */
    void await() {
        if (!told && timer == null) {
            timer = time.schedule(overdue ? Duration.ZERO : grace, () -> workers.execute(this::due));
        }
    }

    private void due() {
        Runnable telling;
        synchronized (session) {
            timer = null;
            overdue = !state.isSuspended();
            telling = telling();
        }
        telling.run();
    }

    private Runnable telling() {
        int number = returns;
        return listeners.absent(() -> tell(number));
    }

    /** The client is back. Returns whether its absence had been told. Under the lock. */
    boolean resumed() {
        boolean wasTold = told;
        returns++;
        told = false;
        overdue = false;
        over();
        return wasTold;
    }

    /** There is nothing to be told any more. Under the lock. */
    void over() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /**
     * In the session's mailbox. A client that is just being let in again is no news: if it fails, {@link #await()} follows.
     *
     * @param number of the absence, which may be over by now
     */
    private void tell(int number) throws Exception {
        Duration left;
        synchronized (session) {
            if (told || number != returns || !state.isSuspended()) {
                return;
            }
            told = true;
            over();
            left = window.left();
        }
        session.changed();
        Audience others = audience.of(session);
        if (others != null) {
            Map<String, Object> absence = new LinkedHashMap<>();
            absence.put("userId", session.principal().id());
            absence.put("reconnectWindow", left.toMillis());
            var unused = others.except(session).emit(event, absence);
        }
    }
}
