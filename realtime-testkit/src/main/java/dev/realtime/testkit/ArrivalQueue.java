package dev.realtime.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What arrives over a connection, in its order; it waits while the engine does not read. Thread-safe. */
final class ArrivalQueue {
    private final Executor network;
    // guarded by this
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean paused;
    private boolean readsOn;

    /** @param network hands on what has waited */
    ArrivalQueue(Executor network) {
        this.network = network;
    }

    /** Hands something on, behind what has not been read. */
    void add(Runnable arrival) {
        synchronized (this) {
            if (paused || !waiting.isEmpty()) {
                waiting.add(arrival);
                return;
            }
        }
        arrival.run();
    }

    /** Returns whether reading stops. */
    synchronized boolean pause() {
        paused = !readsOn;
        return paused;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    synchronized void resume() {
        paused = false;
        if (!waiting.isEmpty()) {
            network.execute(this::handOn);
        }
    }

    /** From now on reading cannot be stopped. */
    synchronized void readOn() {
        readsOn = true;
    }

    /** How much waits. */
    synchronized int size() {
        return waiting.size();
    }

    private void handOn() {
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        return paused ? null : waiting.poll();
    }
}
