package dev.realtime.internal.recovery;

import dev.realtime.internal.limits.RateGate;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.AddressKey;
import java.util.ArrayDeque;

/**
 * The pace at which a node gives sessions back: so many of one session and of one address in a minute, and so many at once, while the others wait
 * in the order in which they came. Thread-safe.
 */
final class ResumeGate {
    private static final String RESUME = " resume"; // no namespace has this name
    private static final int BURST_OF_SESSION = 10;

    private final RateGate rates;
    private final RateLimit ofSession;
    private final RateLimit ofAddress;
    private final int most;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(); // guarded by this; bounded by the connections
    private int inside; // guarded by this

    ResumeGate(Limits limits, RateGate rates) {
        this.rates = rates;
        this.ofSession = RateLimit.perMinute(limits.resumesPerMinute())
                .burst(Math.min(BURST_OF_SESSION, limits.resumesPerMinute()));
        this.ofAddress = RateLimit.perMinute(limits.resumesPerMinutePerIp())
                .burst(Math.max(1, limits.resumesPerMinutePerIp() / 5));
        this.most = limits.resumesAtOnce();
    }

    /** Whether a session may be asked for once more by now. A refusal counts for nothing. */
    boolean admits(String privateId, String address) {
        return rates.admit(RESUME, privateId, "session", ofSession) == null
                && rates.admit(RESUME, AddressKey.of(address), "address", ofAddress) == null;
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
