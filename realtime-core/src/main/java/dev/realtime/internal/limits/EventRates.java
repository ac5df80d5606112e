package dev.realtime.internal.limits;

import dev.realtime.Event.Contract;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Under which rules the events of a namespace's clients are counted: those of an event's contract, its categories, and the namespace's own. All namespaces of one
 * family share theirs. Immutable.
 */
public final class EventRates {
    private final RateScope scope;
    private final List<String> names; // of the rules, for people
    private final List<@Nullable String> ledgers; // of those that all nodes count together
    private final Map<String, int[]> byEvent;
    private final int[] all;
    private final int[] unknown;
    private final int[] unknownAlone;
    private final int[] refreshes;
    private final int[] refreshesAlone;
    private final int[] authentications;
    private final int[] failedAuthentications;
    private final int[] unexpectedAcks;

    /**
     * @param ofAll what all events of a client must have room in; null if nothing
     * @param contracts of the events that are handled
     */
    public EventRates(
            RateGate gate, Limits limits, @Nullable RateLimit ofAll, Collection<? extends Contract<?>> contracts) {
        this(gate, limits, ofAll, contracts, null, "");
    }

    /**
     * @param ofAll what all events of a client must have room in; null if nothing
     * @param contracts of the events that are handled
     * @param shared null where each node counts alone
     * @param scope what the namespace or the family is called at all nodes
     */
    public EventRates(
            RateGate gate,
            Limits limits,
            @Nullable RateLimit ofAll,
            Collection<? extends Contract<?>> contracts,
            @Nullable SharedRates shared,
            String scope) {
        List<RateRule> rules = new ArrayList<>();
        this.names = new ArrayList<>();
        this.ledgers = new ArrayList<>();
        this.all = ofAll == null ? new int[0] : new int[] {addShared(rules, ofAll, "namespace", scope)};
        this.unknownAlone = new int[] {add(rules, limits.unknownEvents(), "Limits.unknownEvents")};
        this.unknown = with(all, unknownAlone[0]);
        this.refreshesAlone = new int[] {add(rules, limits.refreshes(), "Limits.refreshes")};
        this.refreshes = with(all, refreshesAlone[0]);
        this.authentications = with(all, add(rules, limits.authentications(), "Limits.authentications"));
        this.failedAuthentications =
                new int[] {add(rules, limits.failedAuthentications(), "Limits.failedAuthentications")};
        this.unexpectedAcks = new int[] {add(rules, limits.unexpectedAcks(), "Limits.unexpectedAcks")};
        Map<String, Integer> categories = new HashMap<>();
        this.byEvent = new HashMap<>();
        for (Contract<?> contract : contracts) {
            int[] its = all;
            for (RateLimit limit : contract.limits()) {
                String category = limit.category().orElse(null);
                its = with(
                        its,
                        category == null
                                ? addShared(rules, limit, "event " + contract.name(), scope)
                                : categories.computeIfAbsent(
                                        category, name -> addShared(rules, limit, "category " + name, scope)));
            }
            byEvent.put(contract.name(), its);
        }
        this.scope = gate.scope(rules, shared, ledgers.toArray(new @Nullable String[0]));
    }

    private int addShared(List<RateRule> rules, RateLimit limit, String name, String scope) {
        int number = add(rules, limit, name);
        if (!limit.isPerNode()) {
            ledgers.set(number, scope + ' ' + name);
        }
        return number;
    }

    private int add(List<RateRule> rules, RateLimit limit, String name) {
        names.add(name);
        ledgers.add(null);
        rules.add(RateRule.of(limit));
        return rules.size() - 1;
    }

    private static int[] with(int[] some, int another) {
        int[] more = new int[some.length + 1];
        System.arraycopy(some, 0, more, 1, some.length);
        more[0] = another;
        return more;
    }

    /** Returns what is remembered of a user. */
    public UserBudgets budgets(String user) {
        return scope.of(user);
    }

    /** Says which of these rules an event of a user has to wait for. */
    public String refusing(UserBudgets user, int[] rules) {
        return names.get(user.strictest(rules));
    }

    /** The rules of an event that is handled. */
    public int[] of(String event) {
        return byEvent.getOrDefault(event, all);
    }

    /** The rules of an event that has no contract, but a handler. */
    public int[] ofAll() {
        return all;
    }

    /** The rules of an event that nobody handles. */
    public int[] ofUnknown() {
        return unknown;
    }

    /** The same without the namespace's own. */
    public int[] ofUnknownAlone() {
        return unknownAlone;
    }

    /** The rules of a renewal of credentials. */
    public int[] ofRefreshes() {
        return refreshes;
    }

    /** The same without the namespace's own. */
    public int[] ofRefreshesAlone() {
        return refreshesAlone;
    }

    /** The rules of an attempt to authenticate. */
    public int[] ofAuthentications() {
        return authentications;
    }

    /** The rules of an attempt to authenticate that has failed. */
    public int[] ofFailedAuthentications() {
        return failedAuthentications;
    }

    /** The rules of an acknowledgement that nobody asked for. */
    public int[] ofUnexpectedAcks() {
        return unexpectedAcks;
    }
}
