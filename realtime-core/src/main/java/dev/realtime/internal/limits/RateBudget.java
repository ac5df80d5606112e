package dev.realtime.internal.limits;

import org.jspecify.annotations.Nullable;

/** What is remembered of one user and one rule. A refusal changes nothing. Not thread-safe. */
final class RateBudget {
    /** What it takes, as far as is known of JVMs, with the list of moments. */
    private static final int BYTES = 24 + 16;

    private final RateRule rule;
    private final @Nullable AdmittedTimes admitted; // null without windows
    private final long[] due; // by each pace

    RateBudget(RateRule rule) {
        this.rule = rule;
        this.admitted = rule.hasWindows() ? new AdmittedTimes(rule) : null;
        this.due = new long[rule.paces()];
    }

    /** How long the next event has to wait; zero if it may come now. */
    long delay(long now) {
        long wait = admitted == null ? 0 : admitted.delay(now);
        for (int i = 0; i < due.length; i++) {
            wait = Math.max(wait, rule.pace(i).delay(due[i], now));
        }
        return wait;
    }

    /** Counts an event that comes now, whether it may or not. */
    void count(long now) {
        if (admitted != null) {
            admitted.add(now);
        }
        for (int i = 0; i < due.length; i++) {
            due[i] = rule.pace(i).next(due[i], now);
        }
    }

    /** Whether more have been counted than were allowed to come, and have not been made up for. Windows do not know. */
    boolean isOwed(long now) {
        for (int i = 0; i < due.length; i++) {
            if (rule.pace(i).isOwed(due[i], now)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is to be remembered any more. */
    boolean hasPassed(long now) {
        if (admitted != null && admitted.passAt() > now) {
            return false;
        }
        for (long moment : due) {
            if (moment > now) {
                return false;
            }
        }
        return true;
    }

    /** What it takes of memory, about. */
    int bytes() {
        return BYTES + Long.BYTES * due.length + (admitted == null ? 0 : admitted.bytes());
    }
}
