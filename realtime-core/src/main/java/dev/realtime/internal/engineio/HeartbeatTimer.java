package dev.realtime.internal.engineio;

import dev.realtime.internal.drain.PacedQueue;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import dev.realtime.transport.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Sees to it that pings leave, and silent clients are let go, within {@value #GRAIN_MILLIS} ms of their moment. It looks at all sockets a few
 * times in the shortest of their deadlines, and once more at those that are due before it looks again. So an idle connection has no timer of
 * its own: it costs the two fields that say when it is due.
 *
 * <p>Those who are to go because of one and the same thing, as a network that is cut or a room that says more than they can read, go one after the other:
 * the end of each costs the others of a node a little time, and theirs comes all at once. Who has taken something or answered until its turn comes stays.
 */
final class HeartbeatTimer {
    private static final long GRAIN_MILLIS = 10;
    private static final long GRAIN = Duration.ofMillis(GRAIN_MILLIS).toNanos();
    private static final int LET_GO_PER_SECOND = 1_000;

    private final Time time;
    private final Executor workers;
    private final Collection<EngineSocket> sockets;
    private final PacedQueue departures;
    private final Set<EngineSocket> leaving = ConcurrentHashMap.newKeySet(); // those that wait there
    private final Duration round;
    private volatile boolean ended;

    /** @param sockets a live view, safe to be walked through while it changes */
    HeartbeatTimer(NodeRuntime runtime, Heartbeat heartbeat, Duration stallTimeout, Collection<EngineSocket> sockets) {
        this.time = runtime.time();
        this.workers = runtime.workers();
        this.departures = new PacedQueue(runtime, LET_GO_PER_SECOND);
        this.sockets = sockets;
        long shortest = Math.min(
                Math.min(heartbeat.interval().toMillis(), heartbeat.timeout().toMillis()), stallTimeout.toMillis());
        this.round = Duration.ofMillis(Math.max(GRAIN_MILLIS, Math.min(1000, shortest / 4)));
    }

    void start() {
        later(round, this::lookAtAll);
    }

    void end() {
        ended = true;
    }

    private void later(Duration delay, Runnable task) {
        time.schedule(delay, () -> {
            try {
                workers.execute(task);
            } catch (OutOfMemoryError e) {
                later(delay, task);
            }
        });
    }

    private void lookAtAll() {
        if (ended) {
            return;
        }
        try {
            walk();
        } finally {
            start(); // whatever has happened: without its heart a node would keep every connection for ever
        }
    }

    private void walk() {
        long now = time.nanoTime();
        Map<Long, List<EngineSocket>> soon = new HashMap<>();
        for (EngineSocket socket : sockets) {
            long left = beat(socket, now);
            if (left < round.toNanos()) {
                soon.computeIfAbsent((left + GRAIN - 1) / GRAIN, slot -> new ArrayList<>())
                        .add(socket);
            }
        }
        soon.forEach((slot, due) -> later(Duration.ofNanos(slot * GRAIN), () -> look(due)));
    }

    private void look(List<EngineSocket> due) {
        long now = time.nanoTime();
        due.forEach(socket -> beat(socket, now));
    }

    /** Returns nanoseconds until something may be due again. */
    private long beat(EngineSocket socket, long now) {
        long left = socket.beat(now);
        if (left >= 0) {
            return left;
        }
        if (leaving.add(socket)) {
            leave(socket);
        }
        return Long.MAX_VALUE; // who is not let go in the end is looked at with the next round
    }

    private void leave(EngineSocket socket) {
        try {
            departures.run(() -> {
                leaving.remove(socket);
                socket.letGoIfDue(time.nanoTime());
            });
        } catch (RuntimeException | Error e) {
            leaving.remove(socket); // it is looked at again
            throw e;
        }
    }
}
