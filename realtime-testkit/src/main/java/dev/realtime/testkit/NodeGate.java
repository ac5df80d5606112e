package dev.realtime.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Whether a node runs: whatever it would do passes here. A frozen one does it all later, a dead one never. */
final class NodeGate implements Executor {
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean frozen;
    private boolean dead;

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (dead) {
                return;
            }
            if (frozen) {
                held.add(task);
                return;
            }
        }
        task.run();
    }

    synchronized void freeze() {
        frozen = true;
    }

    /** What was held runs now, in its order. */
    void thaw() {
        Queue<Runnable> waiting;
        synchronized (this) {
            frozen = false;
            waiting = new ArrayDeque<>(held);
            held.clear();
        }
        waiting.forEach(this::execute);
    }

    synchronized void kill() {
        dead = true;
        held.clear();
    }

    synchronized boolean isFrozen() {
        return frozen;
    }

    synchronized boolean isDead() {
        return dead;
    }
}
