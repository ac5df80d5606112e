package dev.realtime.internal.mail;

import dev.realtime.spi.Queues.Queued;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a client did not acknowledge, the one first that was delivered longest ago, and something of each. A message is known by its place in the mailbox: another one may have its id. Not
 * thread-safe.
 *
 * @param <T> what is known of each
 */
final class SkippedMail<T> {
    private final int most;
    private final LinkedHashMap<String, Skipped<T>> byPlace = new LinkedHashMap<>();
    private long count;

    /** One of them. */
    record Skipped<T>(long number, String id, String place, T value) {}

    /** @param most that it remembers; of more the oldest is as good as new */
    SkippedMail(int most) {
        this.most = most;
    }

    boolean has(Queued message) {
        return byPlace.containsKey(message.place());
    }

    /** Returns whether another one is forgotten for it. */
    boolean add(Queued message, T value) {
        byPlace.remove(message.place());
        byPlace.put(message.place(), new Skipped<>(count++, message.id(), message.place(), value));
        boolean tooMany = byPlace.size() > most;
        if (tooMany) {
            byPlace.remove(byPlace.keySet().iterator().next());
        }
        return tooMany;
    }

    /** Something else is known of one now, and it keeps its turn. */
    void update(Queued message, T value) {
        byPlace.computeIfPresent(
                message.place(), (place, known) -> new Skipped<>(known.number(), known.id(), place, value));
    }

    /** Forgets all, and returns them. */
    List<Skipped<T>> takeAll() {
        List<Skipped<T>> all = List.copyOf(byPlace.values());
        byPlace.clear();
        return all;
    }

    void remove(String place) {
        byPlace.remove(place);
    }

    /** Whether one was delivered before another; one that is forgotten was before all. */
    boolean isBefore(Queued message, Queued other) {
        return number(message) < number(other);
    }

    private long number(Queued message) {
        Skipped<T> skipped = byPlace.get(message.place());
        return skipped == null ? -1 : skipped.number();
    }

    /** Null: none. */
    @Nullable
    Skipped<T> oldest() {
        Map.Entry<String, Skipped<T>> first =
                byPlace.isEmpty() ? null : byPlace.entrySet().iterator().next();
        return first == null ? null : first.getValue();
    }
}
