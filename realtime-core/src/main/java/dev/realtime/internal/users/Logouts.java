package dev.realtime.internal.users;

import dev.realtime.internal.node.NodeRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes that sessions have ended, and sees to it until that is written or the login has run out: where the older login wins, its user would stay outside
 * for as long. Thread-safe.
 */
final class Logouts {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** A write that was not answered is done by then, or never. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(10);

    private final Logins logins;
    private final NodeRuntime runtime;
    private final BiConsumer<String, UserValues.Stored> learned;
    private final Map<Ended, Pending> pending = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param learned what holds of a user by then */
    Logouts(Logins logins, NodeRuntime runtime, BiConsumer<String, UserValues.Stored> learned) {
        this.logins = logins;
        this.runtime = runtime;
        this.learned = learned;
    }

    /** A session whose end is to be written. */
    private record Ended(String user, String namespace, String session) {}

    /**
     * What is to be written.
     *
     * @param until when it is given up, by the monotonic clock
     * @param taken the login that gets its place back; null if none does
     */
    private record Pending(long until, @Nullable Login taken) {
        /** The session has ended for two reasons, of which one may know whose place it took. */
        Pending and(Pending later) {
            return later.taken == null ? new Pending(later.until, taken) : later;
        }
    }

    /** A session has ended for good. */
    void logOut(String user, String namespace, String session) {
        logOut(user, namespace, session, null);
    }

    /**
     * A session that has logged in does not begin.
     *
     * @param taken whose place it took; null if there was room
     */
    void logOut(String user, String namespace, String session, @Nullable Login taken) {
        begin(new Ended(user, namespace, session), taken, false);
    }

    /** Nobody knows whether a session has logged in that does not begin: a write under way may still be done. */
    void logOutInDoubt(String user, String namespace, String session, @Nullable Login taken) {
        begin(new Ended(user, namespace, session), taken, true);
    }

    /**
     * A session logs in, perhaps once more: what was to be written of its end is not.
     *
     * @return whose place it has taken before, and was to give back; null if there is none
     */
    @Nullable
    Login isBack(String user, String namespace, String session) {
        Pending undone = pending.remove(new Ended(user, namespace, session));
        return undone == null ? null : undone.taken;
    }

    private void begin(Ended ended, @Nullable Login taken, boolean twice) {
        if (!closed) {
            long until = runtime.time().nanoTime() + Logins.LIFE.toNanos();
            pending.merge(ended, new Pending(until, taken), Pending::and);
            write(ended, FIRST_PAUSE, twice);
        }
    }

    private @Nullable Login taken(Ended ended) {
        Pending now = pending.get(ended);
        return now == null ? null : now.taken;
    }

    private void write(Ended ended, Duration pause, boolean twice) {
        Pending known = pending.get(ended);
        if (known == null) {
            return;
        }
        logins.logOut(ended.user, ended.namespace, ended.session, () -> pending.containsKey(ended), () -> taken(ended))
                .whenComplete((stored, failure) -> {
                    if (failure == null) {
                        learned.accept(ended.user, stored);
                    }
                    if (failure == null && twice) {
                        later(UNDER_WAY, () -> write(ended, FIRST_PAUSE, false));
                    } else if (failure == null || runtime.time().nanoTime() - known.until >= 0) {
                        pending.remove(ended, known);
                    } else {
                        Duration next = pause.multipliedBy(2);
                        later(
                                pause,
                                () -> write(ended, next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE, twice));
                    }
                });
    }

    private void later(Duration pause, Runnable task) {
        if (!closed) {
            runtime.time()
                    .schedule(
                            pause,
                            () -> runtime.workers().execute(() -> {
                                if (!closed) {
                                    task.run();
                                }
                            }));
        }
    }

    /** The node goes, and what has logged in here and has no record counts no longer. */
    void close() {
        closed = true;
    }
}
