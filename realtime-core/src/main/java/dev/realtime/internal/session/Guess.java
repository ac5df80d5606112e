package dev.realtime.internal.session;

import dev.realtime.internal.limits.UserBudgets;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to authenticate. It counts as one that has failed from the beginning, so that many at once are no more than one after another, until it is known
 * that it has not. Thread-safe.
 */
final class Guess {
    private @Nullable UserBudgets counted; // guarded by this; null when it does not count
    private int[] rules = {};
    private long at;

    /** It has just been admitted under these rules. */
    synchronized void counts(UserBudgets by, int[] under) {
        counted = by;
        rules = under;
        at = by.now();
    }

    /** It has not failed, or not because of what was shown. */
    void hasNotFailed() {
        UserBudgets by;
        synchronized (this) {
            by = counted;
            counted = null;
        }
        if (by != null) {
            by.takeBack(rules, at);
        }
    }
}
