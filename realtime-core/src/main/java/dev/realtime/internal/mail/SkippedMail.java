package dev.realtime.internal.mail;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a client did not acknowledge, the one first that was delivered longest ago, and something of each. Not thread-safe.
 *
 * @param <T> what is known of each
 */
final class SkippedMail<T> {
    private final int most;
    private final LinkedHashMap<String, Skipped<T>> byId = new LinkedHashMap<>();
    private long count;

    private record Skipped<T>(long number, T value) {}

    /** @param most that it remembers; of more the oldest is as good as new */
    SkippedMail(int most) {
        this.most = most;
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    /** Returns whether another one is forgotten for it. */
    boolean add(String id, T value) {
        byId.remove(id);
        byId.put(id, new Skipped<>(count++, value));
        boolean tooMany = byId.size() > most;
        if (tooMany) {
            byId.remove(byId.keySet().iterator().next());
        }
        return tooMany;
    }

    void clear() {
        byId.clear();
    }

    void remove(String id) {
        byId.remove(id);
    }

    /** Whether one was delivered before another; one that is forgotten was before all. */
    boolean isBefore(String id, String other) {
        return number(id) < number(other);
    }

    private long number(String id) {
        Skipped<T> skipped = byId.get(id);
        return skipped == null ? -1 : skipped.number();
    }

    /** Null: none. */
    Map.@Nullable Entry<String, T> oldest() {
        if (byId.isEmpty()) {
            return null;
        }
        Map.Entry<String, Skipped<T>> first = byId.entrySet().iterator().next();
        return Map.entry(first.getKey(), first.getValue().value());
    }
}
