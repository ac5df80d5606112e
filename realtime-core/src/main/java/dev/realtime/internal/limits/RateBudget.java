package dev.realtime.internal.limits;

import org.jspecify.annotations.Nullable;

/** What is remembered of one user and one rule. A refusal changes nothing. Not thread-safe. */
final class RateBudget {
    /** What it takes, as far as is known of JVMs, with the list of moments. */
    private static final int BYTES = 24 + 16;

    private final RateRule rule;
    private final @Nullable AdmittedTimes admitted; // null without windows
    private final long[] due; // by each pace
    private @Nullable RateShare share; // null where this node counts alone

    RateBudget(RateRule rule) {
        this.rule = rule;
        this.admitted = rule.hasWindows() ? new AdmittedTimes(rule) : null;
        this.due = new long[rule.paces()];
    }

    /** What all nodes admit counts under its rule. */
    void share(RateShare of) {
        share = of;
    }

    /** Null where this node counts alone. */
    @Nullable
    RateShare share() {
        return share;
    }

    /** How long the next event has to wait; zero if it may come now, as far as is known. */
    long delay(long now) {
        long wait = share == null ? 0 : share.delay(now);
        return Math.max(wait, admitted == null ? delayOfPaces(now) : Math.max(admitted.delay(now), delayOfPaces(now)));
    }

    /**
     * The same for a node that may admit a part of the count only.
     *
     * @param parts how many there are
     */
    long delayOfPart(long now, int parts) {
        return Math.max(admitted == null ? 0 : admitted.delayOfPart(now, parts), delayOfPaces(now));
    }

    private long delayOfPaces(long now) {
        long wait = 0;
        for (int i = 0; i < due.length; i++) {
            wait = Math.max(wait, rule.pace(i).delay(due[i], now));
        }
        return wait;
    }

    /** Takes over what other nodes know of its paces. */
    void merge(Ledger others, StoreTime time, long now) {
        for (int i = 0; i < due.length; i++) {
            long theirs = others.due(i);
            if (theirs > 0) {
                due[i] = Math.max(
                        due[i], Math.min(time.possibly(theirs), rule.pace(i).latest(now)));
            }
        }
    }

    /** When the next event is due, by each pace. */
    long[] dues() {
        return due.clone();
    }

    /** How many were admitted less than so long ago. */
    int countedWithin(long period, long now) {
        return admitted == null ? 0 : admitted.countedWithin(period, now);
    }

    /** When those were admitted that still count, the last first. */
    long[] latestFirst(long now) {
        return admitted == null ? new long[0] : admitted.latestFirst(now);
    }

    /**
     * Counts an event that comes now, whether it may or not.
     *
     * @return whether the share is to be renewed
     */
    boolean count(long now) {
        if (admitted != null) {
            admitted.add(now);
        }
        for (int i = 0; i < due.length; i++) {
            due[i] = rule.pace(i).next(due[i], now);
        }
        return share != null && share.counted(now);
    }

    /** Counts an event no longer that came at this moment. Only where this node counts alone. */
    void takeBack(long moment, long now) {
        if (admitted != null) {
            admitted.takeBack(moment, now);
        }
        for (int i = 0; i < due.length; i++) {
            due[i] = rule.pace(i).takenBack(due[i]);
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
        if (share != null && !share.hasPassed(now)) {
            return false;
        }
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
        return BYTES
                + (share == null ? 0 : share.bytes())
                + Long.BYTES * due.length
                + (admitted == null ? 0 : admitted.bytes());
    }
}
