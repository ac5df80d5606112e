package dev.realtime.internal.limits;

import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import org.jspecify.annotations.Nullable;

/**
 * The violations of one client that have not been forgiven, and how long it is restricted. They are remembered as the moment at which the last of them is forgiven, if no other
 * comes. Thread-safe.
 */
final class Violations implements Remembered {
    /** What it takes, as far as is known of JVMs: 48 for itself, 48 in the map, 56 for the key. */
    private static final int BYTES = 48 + 48 + 56;

    private final EscalationGate gate;
    private final String client;
    // guarded by this
    private long due;
    private long restrictedUntil;
    private boolean counted; // in the memory
    private boolean idle; // since somebody asked
    private boolean gone;

    Violations(EscalationGate gate, String client) {
        this.gate = gate;
        this.client = client;
    }

    /** Counts one; null when this is gone. While the client is restricted it counts for nothing. */
    EscalationGate.@Nullable Verdict add() {
        boolean first;
        EscalationGate.Verdict verdict;
        synchronized (this) {
            if (gone) {
                return null;
            }
            idle = false;
            first = !counted;
            counted = true;
            verdict = add(gate.now());
        }
        if (first) {
            gate.memory().take(bytes());
        }
        return verdict;
    }

    private EscalationGate.Verdict add(long now) {
        Escalation rules = gate.rules();
        long interval = rules.forgiveAfter().toNanos();
        if (restrictedUntil > now) {
            return new EscalationGate.Verdict(null, count(now, interval), restrictedUntil - now);
        }
        // no more than lead to the last step: afterwards they are forgiven in a bounded time
        due = Math.min(Math.max(due, now) + interval, now + rules.disconnectAt() * interval);
        int count = count(now, interval);
        if (count == rules.restrictAt()) {
            long time = rules.restrictFor().toNanos();
            restrictedUntil = now + time;
            due += time; // none is forgiven meanwhile
            return new EscalationGate.Verdict(Step.RESTRICTED, count, time);
        }
        return new EscalationGate.Verdict(step(rules, count), count, 0);
    }

    private static @Nullable Step step(Escalation rules, int count) {
        if (count >= rules.disconnectAt()) {
            return Step.DISCONNECTED;
        }
        return count >= rules.warnAt() ? Step.WARNED : null;
    }

    private int count(long now, long interval) {
        long from = Math.max(now, restrictedUntil);
        return due <= from ? 0 : (int) ((due - from + interval - 1) / interval);
    }

    /** For how long the client is restricted. */
    synchronized long restricted() {
        idle = false;
        return Math.max(0, restrictedUntil - gate.now());
    }

    @Override
    public synchronized boolean isIdle() {
        boolean was = idle;
        idle = !gone;
        return was;
    }

    @Override
    public void sweep() {
        boolean over;
        synchronized (this) {
            over = due <= gate.now() && leave();
        }
        if (over) {
            gate.memory().give(bytes());
        }
    }

    @Override
    public void forget() {
        boolean over;
        synchronized (this) {
            over = leave();
        }
        if (over) {
            gate.memory().give(bytes());
        }
    }

    /** Returns whether memory is free now. */
    private boolean leave() {
        boolean first = !gone;
        gone = true;
        gate.left(client, this);
        return first && counted;
    }

    private int bytes() {
        return BYTES + client.length();
    }
}
