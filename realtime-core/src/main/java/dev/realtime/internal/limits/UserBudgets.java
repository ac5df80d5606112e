package dev.realtime.internal.limits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one user in one scope: a budget for each rule that the user has sent something under. Once nothing is to be remembered any
 * more, or there is no room for it, it is gone, and whoever still has it asks its scope for another. Thread-safe.
 */
public final class UserBudgets implements Remembered {
    /** In place of a time to wait: this is gone. */
    public static final long GONE = -1;

    /** In place of a time to wait: this node has to {@linkplain #ask ask}. */
    public static final long ASK = -2;

    /** What it takes, as far as is known of JVMs: 40 for itself, 48 in the map of its scope, 72 for the key and the list. */
    private static final int BYTES = 40 + 48 + 72;

    private static final int REFERENCE = 4;

    private final RateScope scope;
    private final String user;
    // guarded by this
    private final @Nullable RateBudget[] budgets; // by the number of its rule
    private int taken; // of the memory
    private int untold; // by how much that differs from what the memory knows
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
     * @return 0 when it is admitted, {@link #GONE}, {@link #ASK}, or nanoseconds
     */
    public long admit(int[] rules) {
        int grown;
        boolean alone;
        boolean renews = false;
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
            boolean lacks = scope.isShared() && lacksPermit(rules, now);
            alone = lacks && scope.shared().isAlone();
            if (lacks && !alone) {
                return ASK;
            }
            wait = alone ? delayAlone(rules, now) : 0;
            if (wait > 0) {
                return wait;
            }
            int before = taken;
            for (int rule : rules) {
                renews |= count(rule, now);
            }
            grown = taken - before;
        }
        if (grown > 0) {
            scope.memory().take(grown);
        }
        if (alone) {
            scope.shared().observer().admittedAlone();
        } else if (renews && !scope.shared().isAlone()) {
            renew(rules);
        }
        return 0;
    }

    /** As {@link #admit}, but counts nothing. */
    public synchronized long look(int[] rules) {
        long now = scope.now();
        long wait = delay(rules, now);
        if (wait > 0 || gone || !scope.isShared() || !lacksPermit(rules, now)) {
            return wait;
        }
        return scope.shared().isAlone() ? delayAlone(rules, now) : ASK;
    }

    // ---- what all nodes count together

    private boolean lacksPermit(int[] rules, long now) {
        for (int rule : rules) {
            if (scope.isShared(rule)) {
                RateBudget budget = budgets[rule];
                RateShare share = budget == null ? null : budget.share();
                if (share == null || !share.hasPermit(now)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How long an event has to wait for room in this node's part of what all may admit. */
    private long delayAlone(int[] rules, long now) {
        long wait = 0;
        for (int rule : rules) {
            RateBudget budget = budgets[rule];
            RateShare share = budget == null ? null : budget.share();
            if (budget != null && share != null && !share.hasPermit(now)) {
                wait = Math.max(wait, budget.delayOfPart(now, scope.shared().nodes()));
            }
        }
        return wait;
    }

    /**
     * Asks the other nodes for room for an event, where this node has none.
     *
     * @param rules the numbers of different rules
     * @return completes, never exceptionally, when the event is to be tried again
     */
    public CompletableFuture<Void> ask(int[] rules) {
        List<RateShare> asked = new ArrayList<>(rules.length);
        int grown;
        synchronized (this) {
            if (gone) {
                return CompletableFuture.completedFuture(null);
            }
            long now = scope.now();
            int before = taken;
            for (int rule : rules) {
                RateShare share = scope.isShared(rule) ? budget(rule).share() : null;
                if (share != null && !share.hasPermit(now)) {
                    asked.add(share);
                }
            }
            grown = taken - before;
        }
        if (grown > 0) {
            scope.memory().take(grown);
        }
        return all(asked, 1, false);
    }

    private void renew(int[] rules) {
        List<RateShare> renewed = new ArrayList<>(rules.length);
        synchronized (this) {
            long now = scope.now();
            for (int rule : rules) {
                RateBudget budget = budgets[rule];
                RateShare share = budget == null ? null : budget.share();
                if (share != null && share.isToBeRenewed(now)) {
                    renewed.add(share);
                }
            }
        }
        var unused = all(renewed, 0, false);
    }

    /** Gives back what this node has reserved and not used, and tells what it has. Completes, never exceptionally, when the store knows or does not answer. */
    public CompletableFuture<Void> giveBack() {
        return all(isAskable() ? shares(RateShare::isUntold) : List.of(), 0, true);
    }

    /** Gives back what has not been used in time; returns whether there is something else. */
    boolean settle() {
        long now = scope.now();
        List<RateShare> overdue = isAskable() ? shares(share -> share.isOverdue(now)) : List.of();
        var unused = all(overdue, 0, true);
        return !shares(RateShare::isHeld).isEmpty();
    }

    private boolean isAskable() {
        return scope.isShared() && !scope.shared().isAlone();
    }

    private synchronized List<RateShare> shares(Predicate<RateShare> which) {
        List<RateShare> some = new ArrayList<>();
        for (RateBudget budget : budgets) {
            RateShare share = budget == null ? null : budget.share();
            if (share != null && which.test(share)) {
                some.add(share);
            }
        }
        return some;
    }

    private static CompletableFuture<Void> all(List<RateShare> shares, int need, boolean giveBack) {
        return CompletableFuture.allOf(
                shares.stream().map(share -> share.exchange(need, giveBack)).toArray(CompletableFuture[]::new));
    }

    /** One of the shares takes so much more, or less. For callers who hold the lock; {@link #remembered} follows. */
    void resize(int bytes) {
        if (!gone) {
            taken += bytes;
            untold += bytes;
        }
    }

    /** Tells the memory of what has been {@link #resize resized}. Not for callers who hold the lock. */
    void remembered() {
        int bytes;
        synchronized (this) {
            bytes = untold;
            untold = 0;
        }
        if (bytes > 0) {
            scope.memory().take(bytes);
        } else if (bytes < 0) {
            scope.memory().give(-bytes);
        }
    }

    // ---- what this node counts

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
            int before = taken;
            count(rule, scope.now());
            grown = taken - before;
        }
        if (grown > 0) {
            scope.memory().take(grown);
        }
        return true;
    }

    /** The time that events are counted at. */
    public long now() {
        return scope.now();
    }

    /**
     * Counts an event no longer that was admitted under these rules at about this moment. Not for rules that all nodes count together.
     *
     * @param moment no earlier than it was admitted
     */
    public synchronized void takeBack(int[] rules, long moment) {
        for (int rule : rules) {
            RateBudget budget = budgets[rule];
            if (budget != null) {
                budget.takeBack(moment, scope.now());
            }
        }
    }

    /** Returns whether a share is to be renewed. */
    private boolean count(int rule, long now) {
        RateBudget budget = budget(rule);
        taken -= budget.bytes();
        boolean renews = budget.count(now);
        taken += budget.bytes();
        return renews;
    }

    private RateBudget budget(int rule) {
        RateBudget known = budgets[rule];
        if (known != null) {
            return known;
        }
        if (taken == 0) {
            taken = BYTES + user.length() + REFERENCE * budgets.length;
        }
        RateBudget fresh = new RateBudget(scope.rule(rule));
        if (scope.isShared(rule)) {
            fresh.share(new RateShare(scope.shared(), this, fresh, scope.rule(rule), scope.ledger(rule, user)));
        }
        budgets[rule] = fresh;
        taken += fresh.bytes();
        return fresh;
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
