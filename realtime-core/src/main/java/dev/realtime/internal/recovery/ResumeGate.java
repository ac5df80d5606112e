package dev.realtime.internal.recovery;

import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.RateScope;
import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pace at which a node gives sessions back: so many of one session and of one address in a minute, and so many at once, while the others wait
 * in the order in which they came. Thread-safe.
 */
final class ResumeGate {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int BURST_OF_SESSION = 10;
    private static final int RESUME = 0;

    private final RateScope sessions;
    private final RateScope addresses;
    private final int most;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this; bounded by the connections
    private int inside; // guarded by this

    ResumeGate(Limits limits, RateGate rates) {
        int perSession = limits.resumesPerMinute();
        int perIp = limits.resumesPerMinutePerIp();
        this.sessions = rates.scope(Pace.within(perSession, MINUTE, Math.min(BURST_OF_SESSION, perSession)));
        this.addresses = rates.scope(Pace.within(perIp, MINUTE, perIp / 5));
        this.most = limits.resumesAtOnce();
    }

    /** Returns what has no room for asking once more for a session by now; null if it may be asked for. */
    @Nullable
    String refusing(String privateId, String address) {
        if (!sessions.admits(privateId, RESUME)) {
            return "Limits.resumesPerMinute";
        }
        return addresses.admits(AddressKey.of(address), RESUME) ? null : "Limits.resumesPerMinutePerIp";
    }

    /** Runs the task when there is room; {@link #leave()} must follow. */
    void enter(Runnable task) {
        synchronized (this) {
            if (inside >= most) {
                waiting.addLast(task);
                return;
            }
            inside++;
        }
        task.run();
    }

    /** Makes room for the next. */
    void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.pollFirst();
            if (next == null) {
                inside--;
                return;
            }
        }
        next.run();
    }
}
