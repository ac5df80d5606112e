package dev.realtime.internal.limits;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Rules that are counted for the same users, such as those of a namespace. The number of a rule is its place in their list. Thread-safe. */
public final class RateScope implements RememberedClients {
    private final RateGate gate;
    private final List<RateRule> rules;
    private final @Nullable SharedRates shared;
    private final @Nullable String[] ledgers; // by the number of a rule; null where each node counts alone
    private final Map<String, UserBudgets> users = new ConcurrentHashMap<>();

    RateScope(RateGate gate, List<RateRule> rules) {
        this(gate, rules, null, new String[rules.size()]);
    }

    /**
     * @param shared null where each node counts alone
     * @param ledgers how the rules are called that all nodes count together; null for the others
     */
    RateScope(RateGate gate, List<RateRule> rules, @Nullable SharedRates shared, @Nullable String[] ledgers) {
        this.gate = gate;
        this.rules = List.copyOf(rules);
        this.shared = shared;
        this.ledgers = ledgers;
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

    /** Whether all nodes count some of the rules together. */
    boolean isShared() {
        return shared != null;
    }

    boolean isShared(int rule) {
        return shared != null && ledgers[rule] != null;
    }

    SharedRates shared() {
        return Objects.requireNonNull(shared);
    }

    /** The name of the ledger of a user and a rule. */
    String ledger(int rule, String user) {
        return "limits:" + ledgers[rule] + ' ' + user;
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
