package dev.realtime.internal.setup;

import dev.realtime.Event.Contract;
import dev.realtime.limits.RateLimit;
import java.util.HashMap;
import java.util.Map;

/** The limits that events of a namespace share: those of one category are equal. */
final class SharedLimits {
    private final Map<String, Shared> byCategory = new HashMap<>();

    private record Shared(String event, RateLimit limit) {}

    /** @throws IllegalArgumentException if another event has another limit in one of its categories */
    void add(Contract<?> contract) {
        for (RateLimit limit : contract.limits()) {
            String category = limit.category().orElse(null);
            Shared first =
                    category == null ? null : byCategory.putIfAbsent(category, new Shared(contract.name(), limit));
            if (first != null && !first.limit.equals(limit)) {
                throw new IllegalArgumentException("events of category '" + category + "' share one limit, but '"
                        + first.event + "' has " + first.limit + " and '" + contract.name() + "' has " + limit);
            }
        }
    }
}
