package dev.realtime.internal.limits;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one user in one scope: a budget for each rule that the user has sent something under. Once nothing is to be remembered any
 * more, or there is no room for it, it is gone, and whoever still has it asks its scope for another. Thread-safe.
 */
public final class UserBudgets implements Remembered {
    /** In place of a time to wait: this is gone. */
    public static final long GONE = -1;

    /** What it takes, as far as is known of JVMs: 40 for itself, 48 in the map of its scope, 72 for the key and the list. */
    private static final int BYTES = 40 + 48 + 72;

    private static final int REFERENCE = 4;

    private final RateScope scope;
    private final String user;
    // guarded by this
    private final @Nullable RateBudget[] budgets; // by the number of its rule
    private int taken; // of the memory
    private boolean idle; // since somebody asked
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
    public long admit(int[] rules) {
        int grown = 0;
        synchronized (this) {
            if (gone) {
                return GONE;
            }
            idle = false;
            long now = scope.now();
            long wait = delay(rules, now);
            if (wait > 0) {
                return wait;
            }
            for (int rule : rules) {
                grown += count(rule, now);
            }
        }
        if (grown > 0) {
            scope.memory().take(grown);
        }
        return 0;
    }

    /**
     * Returns which of these rules an event has to wait for the longest.
     *
     * @param rules the numbers of different rules, at least one
     */
    synchronized int strictest(int[] rules) {
        long now = scope.now();
        int strictest = rules[0];
        long longest = 0;
        for (int rule : rules) {
            RateBudget budget = budgets[rule];
            long wait = budget == null ? 0 : budget.delay(now);
            if (wait > longest) {
                longest = wait;
                strictest = rule;
            }
        }
        return strictest;
    }

    /** Returns how long an event would have to wait, in nanoseconds; 0 if there is room for it. */
    public synchronized long delay(int[] rules) {
        return delay(rules, scope.now());
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
    public boolean charge(int rule) {
        int grown;
        synchronized (this) {
            if (gone) {
                return false;
            }
            idle = false;
            grown = count(rule, scope.now());
        }
        if (grown > 0) {
            scope.memory().take(grown);
        }
        return true;
    }

    /** Returns how much more memory is to be taken for it. */
    private int count(int rule, long now) {
        int before = taken;
        if (before == 0) {
            taken = BYTES + user.length() + REFERENCE * budgets.length;
        }
        RateBudget budget = budgets[rule];
        if (budget == null) {
            budget = new RateBudget(scope.rule(rule));
            budgets[rule] = budget;
        } else {
            taken -= budget.bytes();
        }
        budget.count(now);
        taken += budget.bytes();
        return taken - before;
    }

    /** Whether the user has been {@linkplain #charge charged} for more than the rule allows, and has not made up for it. */
    synchronized boolean isOwed(int rule) {
        RateBudget budget = budgets[rule];
        return budget != null && budget.isOwed(scope.now());
    }

    @Override
    public synchronized boolean isIdle() {
        boolean was = idle;
        idle = !gone;
        return was;
    }

    /** Forgets the budgets that need not be remembered any more, and is gone when there is no other. */
    @Override
    public void sweep() {
        int freed = 0;
        boolean empty = true;
        synchronized (this) {
            long now = scope.now();
            for (int rule = 0; rule < budgets.length; rule++) {
                RateBudget budget = budgets[rule];
                if (budget != null && budget.hasPassed(now)) {
                    freed += budget.bytes();
                    budgets[rule] = null;
                } else if (budget != null) {
                    empty = false;
                }
            }
            taken -= freed;
            if (empty) {
                freed += leave();
            }
        }
        scope.memory().give(freed);
    }

    @Override
    public void forget() {
        int freed;
        synchronized (this) {
            freed = leave();
        }
        scope.memory().give(freed);
    }

    /** Returns how much memory is free now. */
    private int leave() {
        gone = true;
        Arrays.fill(budgets, null);
        scope.left(this);
        int freed = taken;
        taken = 0;
        return freed;
    }

    /** Whose budgets they are. */
    String user() {
        return user;
    }
}
