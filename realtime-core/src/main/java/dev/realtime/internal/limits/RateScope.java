package dev.realtime.internal.limits;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Rules that are counted for the same users, such as those of a namespace. The number of a rule is its place in their list. Thread-safe. */
public final class RateScope implements RememberedClients {
    private final RateGate gate;
    private final List<RateRule> rules;
    private final Map<String, UserBudgets> users = new ConcurrentHashMap<>();

    RateScope(RateGate gate, List<RateRule> rules) {
        this.gate = gate;
        this.rules = List.copyOf(rules);
    }

    /** Returns what is remembered of a user. */
    public UserBudgets of(String user) {
        UserBudgets known = users.get(user);
        if (known != null) {
            return known;
        }
        UserBudgets fresh = new UserBudgets(this, user);
        known = users.putIfAbsent(user, fresh);
        if (known != null) {
            return known;
        }
        gate.remembers();
        return fresh;
    }

    /**
     * Admits an event of a user if each of these rules has room for it. A refusal costs nothing.
     *
     * @param rules the numbers of different rules
     */
    public boolean admits(String user, int... rules) {
        return admit(user, rules) == 0;
    }

    /** As {@link #admits}: returns 0, or how many nanoseconds the event has to wait. */
    long admit(String user, int... rules) {
        while (true) {
            long wait = of(user).admit(rules);
            if (wait != UserBudgets.GONE) {
                return wait;
            }
        }
    }

    /** Counts an event that has happened already, admitted or not. */
    void charge(String user, int rule) {
        while (!of(user).charge(rule)) {
            // it has just gone
        }
    }

    /** Whether a user has been {@linkplain #charge charged} for more than a rule allows, and has not made up for it. */
    boolean isOwed(String user, int rule) {
        UserBudgets known = users.get(user);
        return known != null && known.isOwed(rule);
    }

    long now() {
        return gate.now();
    }

    RateMemory memory() {
        return gate.memory();
    }

    /** How many rules there are. */
    int rules() {
        return rules.size();
    }

    RateRule rule(int number) {
        return rules.get(number);
    }

    @Override
    public Collection<UserBudgets> clients() {
        return users.values();
    }

    /** They are gone. */
    void left(UserBudgets budgets) {
        users.remove(budgets.user(), budgets);
    }
}
