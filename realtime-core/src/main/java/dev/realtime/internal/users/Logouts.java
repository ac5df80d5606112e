package dev.realtime.internal.users;

import dev.realtime.internal.node.NodeRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

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
    private final Map<Ended, Long> pending = new ConcurrentHashMap<>(); // until when, by the monotonic clock
    private volatile boolean closed;

    /** @param learned what holds of a user by then */
    Logouts(Logins logins, NodeRuntime runtime, BiConsumer<String, UserValues.Stored> learned) {
        this.logins = logins;
        this.runtime = runtime;
        this.learned = learned;
    }

    /** A session whose end is to be written. */
    private record Ended(String user, String namespace, String session) {}

    /** A session has ended for good, or will not begin. */
    void logOut(String user, String namespace, String session) {
        begin(new Ended(user, namespace, session), false);
    }

    /** Nobody knows whether a session has logged in that does not begin: a write under way may still be done. */
    void logOutInDoubt(String user, String namespace, String session) {
        begin(new Ended(user, namespace, session), true);
    }

    /** A session logs in, perhaps once more: what was to be written of its end is not. */
    void isBack(String user, String namespace, String session) {
        pending.remove(new Ended(user, namespace, session));
    }

    private void begin(Ended ended, boolean twice) {
        if (!closed) {
            pending.put(ended, runtime.time().nanoTime() + Logins.LIFE.toNanos());
            write(ended, FIRST_PAUSE, twice);
        }
    }

    private void write(Ended ended, Duration pause, boolean twice) {
        Long end = pending.get(ended);
        if (end == null) {
            return;
        }
        logins.logOut(ended.user, ended.namespace, ended.session, () -> pending.containsKey(ended))
                .whenComplete((stored, failure) -> {
                    if (failure == null) {
                        learned.accept(ended.user, stored);
                    }
                    if (failure == null && twice) {
                        later(UNDER_WAY, () -> write(ended, FIRST_PAUSE, false));
                    } else if (failure == null || runtime.time().nanoTime() - end >= 0) {
                        pending.remove(ended, end);
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
