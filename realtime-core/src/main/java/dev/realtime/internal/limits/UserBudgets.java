package dev.realtime.internal.limits;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one user in one scope: a budget for each rule that the user has sent something under. Once nothing is to be remembered any
 * more, it is gone, and whoever still has it asks its scope for another. Thread-safe.
 */
public final class UserBudgets {
    /** In place of a time to wait: this is gone. */
    public static final long GONE = -1;

    private final RateScope scope;
    private final String user;
    // guarded by this
    private final @Nullable RateBudget[] budgets; // by the number of its rule
    private boolean gone;

    UserBudgets(RateScope scope, String user) {
        this.scope = scope;
        this.user = user;
        this.budgets = new RateBudget[scope.rules()];
    }

    /**
     * Admits an event if each of these rules has room for it, or says how long it has to wait. A refusal costs nothing under any of them.
     *
     * @param rules the numbers of different rules
     * @return 0 when it is admitted, {@link #GONE}, or nanoseconds
     */
    public synchronized long admit(int[] rules) {
        if (gone) {
            return GONE;
        }
        long now = scope.now();
        long wait = delay(rules, now);
        if (wait > 0) {
            return wait;
        }
        for (int rule : rules) {
            count(rule, now);
        }
        return 0;
    }

    private long delay(int[] rules, long now) {
        long wait = 0;
        for (int rule : rules) {
            RateBudget budget = budgets[rule];
            if (budget != null) {
                wait = Math.max(wait, budget.delay(now));
            }
        }
        return wait;
    }

    /**
     * Counts an event that has happened already, admitted or not.
     *
     * @return whether it has been counted: false when this is gone
     */
    synchronized boolean charge(int rule) {
        if (!gone) {
            count(rule, scope.now());
        }
        return !gone;
    }

    private void count(int rule, long now) {
        RateBudget budget = budgets[rule];
        if (budget == null) {
            budget = new RateBudget(scope.rule(rule));
            budgets[rule] = budget;
        }
        budget.count(now);
    }

    /** Whether the user has been {@linkplain #charge charged} for more than the rule allows, and has not made up for it. */
    synchronized boolean isOwed(int rule) {
        RateBudget budget = budgets[rule];
        return budget != null && budget.isOwed(scope.now());
    }

    /** Forgets the budgets that need not be remembered any more, and is gone when there is no other. */
    synchronized void sweep() {
        long now = scope.now();
        boolean empty = true;
        for (int rule = 0; rule < budgets.length; rule++) {
            RateBudget budget = budgets[rule];
            if (budget != null && budget.hasPassed(now)) {
                budgets[rule] = null;
            } else if (budget != null) {
                empty = false;
            }
        }
        if (empty) {
            gone = true;
            scope.left(this);
        }
    }

    /** Whose budgets they are. */
    String user() {
        return user;
    }
}
