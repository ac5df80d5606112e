package dev.realtime.internal.logs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks how long the tasks of one session take, without a timer: the clock is read when a thread begins with them, and behind each. That one never ends is seen when the client
 * sends something more. Used by the thread that runs the tasks, except where it says otherwise.
 */
public final class HandlerWatch {
    private static final VarHandle WHAT;

    static {
        try {
            WHAT = MethodHandles.lookup().findVarHandle(HandlerWatch.class, "what", String.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SlowHandlers slow;
    private final String namespace;
    private final String session;
    private final Supplier<String> user;
    private final boolean on;
    private long since; // published with what
    private @Nullable String what; // runs, as the application calls it; null: nothing of the application's
    private long noticed; // since when that has run of which it has been seen that it does not end

    /** @param user whom the log names, at the moment */
    public HandlerWatch(SlowHandlers slow, String namespace, String session, Supplier<String> user) {
        this.slow = slow;
        this.namespace = namespace;
        this.session = session;
        this.user = user;
        this.on = slow.areNamed();
    }

    /** Of a session that nobody looks at. */
    public static HandlerWatch off() {
        return new HandlerWatch(new SlowHandlers(Duration.ZERO, () -> 0, () -> {}), "", "", () -> "");
    }

    /** A thread begins to run tasks, or one that began at this time has just come to it. */
    public void begins() {
        if (on) {
            since = slow.now();
        }
    }

    /**
     * The same, where somebody has looked at the clock already.
     *
     * @param now by the monotonic clock
     */
    public void begins(long now) {
        since = now;
    }

    /** The task that runs calls code of the application. */
    public void calls(String contract) {
        if (on) {
            WHAT.setRelease(this, contract);
        }
    }

    /** What was called goes on elsewhere; {@link #answered} follows, with what this returns. */
    public long goesOn() {
        if (on) {
            WHAT.setRelease(this, null);
        }
        return since;
    }

    /** What went on elsewhere has ended. From any thread. */
    public void answered(String contract, long began) {
        if (on) {
            look(contract, slow.now() - began);
        }
    }

    /** The task that runs has ended, and another may follow. */
    public void ended() {
        if (!on) {
            return;
        }
        long now = slow.now();
        String called = what;
        if (called != null) {
            WHAT.setRelease(this, null);
            look(called, now - since);
        }
        since = now;
    }

    private void look(String contract, long nanos) {
        if (slow.isSlow(nanos)) {
            slow.ended(contract, namespace, session, user.get(), nanos);
        }
    }

    /** The client has sent something: whatever runs then keeps it waiting. From any thread. */
    public void comes(long now) {
        if (!on) {
            return;
        }
        String called = (String) WHAT.getAcquire(this);
        long began = since;
        if (called != null && slow.isSlow(now - began) && noticed != began) {
            noticed = began;
            slow.running(called, namespace, session, user.get(), now - began);
        }
    }
}
