package dev.realtime.internal.limits;

import dev.realtime.Event.Contract;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Under which rules the events of a namespace's clients are counted. All namespaces of one family share theirs. Immutable.
 */
public final class EventRates {
    private static final int[] NONE = {};

    private final RateScope scope;
    private final Map<String, int[]> byEvent;
    private final int[] unknown;
    private final int[] refreshes;

    /** @param contracts of the events that are handled */
    public EventRates(RateGate gate, Limits limits, Collection<? extends Contract<?>> contracts) {
        List<RateRule> rules = new ArrayList<>();
        this.unknown = new int[] {add(rules, limits.unknownEvents())};
        this.refreshes = new int[] {add(rules, limits.refreshes())};
        this.byEvent = new HashMap<>();
        for (Contract<?> contract : contracts) {
            contract.limit().ifPresent(limit -> byEvent.put(contract.name(), new int[] {add(rules, limit)}));
        }
        this.scope = gate.scope(rules);
    }

    private static int add(List<RateRule> rules, RateLimit limit) {
        rules.add(RateRule.of(limit));
        return rules.size() - 1;
    }

    /** Returns what is remembered of a user. */
    public UserBudgets budgets(String user) {
        return scope.of(user);
    }

    /** The rules of an event that is handled. */
    public int[] of(String event) {
        return byEvent.getOrDefault(event, NONE);
    }

    /** The rules of an event that nobody handles. */
    public int[] ofUnknown() {
        return unknown;
    }

    /** The rules of a renewal of credentials. */
    public int[] ofRefreshes() {
        return refreshes;
    }
}
