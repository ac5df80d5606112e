package dev.realtime.testkit.backend;

import dev.realtime.spi.Queues.Added;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Dropped;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Outcome;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Queues.Taken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One queue, every change of which can be taken back. Not thread-safe: guarded by its {@link Store}. */
final class StoredQueue {
    private final Undo undo;
    private final TreeMap<String, Kept> items = new TreeMap<>(); // by place
    private long puts;

    private record Kept(Queued item, int bytes, @Nullable String owner, Instant heldUntil) {
        boolean isHeldFrom(String other, Instant now) {
            return owner != null && !owner.equals(other) && heldUntil.isAfter(now);
        }
    }

    StoredQueue(Undo undo) {
        this.undo = undo;
    }

    int size() {
        return items.size();
    }

    long bytes() {
        return items.values().stream().mapToLong(Kept::bytes).sum();
    }

    /** What has come to its end has done so on every replica. */
    void forget(Instant now) {
        items.values().removeIf(kept -> !kept.item.end().isAfter(now));
    }

    private void change(String place, @Nullable Kept kept) {
        Kept before = items.get(place);
        set(place, kept);
        undo.changed(() -> set(place, before));
    }

    private void set(String place, @Nullable Kept kept) {
        if (kept == null) {
            items.remove(place);
        } else {
            items.put(place, kept);
        }
    }

    private @Nullable Kept known(String id) {
        for (Kept kept : items.values()) {
            if (kept.item.id().equals(id)) {
                return kept;
            }
        }
        return null;
    }

    Added put(Item item, Bounds bounds, Instant now) {
        Kept known = known(item.id());
        if (known != null) {
            return new Added(Outcome.KNOWN, known.item.due(), List.of(), now);
        }
        int size = item.text().getBytes(StandardCharsets.UTF_8).length;
        List<Kept> goes = tooMuch(item.rank(), size, bounds);
        if (goes == null) {
            return new Added(Outcome.REFUSED, null, List.of(), now);
        }
        goes.forEach(gone -> change(gone.item.place(), null));
        Instant due = now.plus(item.delay());
        String place = String.format("%016d%012d", due.getEpochSecond() * 1_000_000 + due.getNano() / 1_000, puts++);
        Queued queued = new Queued(item.id(), item.rank(), item.text(), due, now.plus(item.life()), place);
        change(place, new Kept(queued, size, null, Instant.MIN));
        List<Dropped> dropped = goes.stream()
                .map(gone -> new Dropped(gone.item.id(), gone.item.rank()))
                .toList();
        return new Added(Outcome.ADDED, due, dropped, now);
    }

    /** What has to go for an item; null if it cannot be helped. */
    private @Nullable List<Kept> tooMuch(int rank, int size, Bounds bounds) {
        List<Kept> goes = new ArrayList<>();
        List<Kept> leastFirst = items.values().stream()
                .sorted(Comparator.comparingInt(kept -> kept.item.rank()))
                .toList();
        long left = bytes() + size;
        while (items.size() + 1 - goes.size() > bounds.items() || left > bounds.bytes()) {
            if (!bounds.isDropping() || goes.size() == leastFirst.size()) {
                return null;
            }
            Kept next = leastFirst.get(goes.size());
            if (next.item.rank() > rank) {
                return null;
            }
            goes.add(next);
            left -= next.bytes;
        }
        return goes;
    }

    List<Queued> find(Collection<String> ids) {
        return items.values().stream()
                .map(Kept::item)
                .filter(item -> ids.contains(item.id()))
                .toList();
    }

    List<Queued> list(@Nullable String after, int limit) {
        return items.tailMap(after == null ? "" : after, false).values().stream()
                .limit(limit)
                .map(Kept::item)
                .toList();
    }

    Taken take(int limit, Duration lease, String owner, Instant now) {
        List<Queued> taken = new ArrayList<>();
        Instant next = Instant.MAX;
        for (Kept kept : List.copyOf(items.values())) {
            if (kept.item.due().isAfter(now) || taken.size() >= limit) {
                next = kept.item.due().isBefore(next) ? kept.item.due() : next;
                break;
            }
            if (kept.isHeldFrom(owner, now)) {
                next = kept.heldUntil.isBefore(next) ? kept.heldUntil : next;
                continue;
            }
            change(kept.item.place(), new Kept(kept.item, kept.bytes, owner, now.plus(lease)));
            taken.add(kept.item);
        }
        next = taken.size() >= limit ? now : next;
        return new Taken(taken, next.equals(Instant.MAX) ? null : next, now);
    }

    void release(Collection<String> ids, String owner) {
        for (Kept kept : List.copyOf(items.values())) {
            if (ids.contains(kept.item.id()) && owner.equals(kept.owner)) {
                change(kept.item.place(), new Kept(kept.item, kept.bytes, null, Instant.MIN));
            }
        }
    }

    Set<String> remove(Collection<String> ids) {
        Set<String> removed = new LinkedHashSet<>();
        for (Queued item : find(ids)) {
            change(item.place(), null);
            removed.add(item.id());
        }
        return removed;
    }

    Set<String> removeAt(Collection<String> places) {
        Set<String> removed = new LinkedHashSet<>();
        for (String place : places) {
            Kept kept = items.get(place);
            if (kept != null) {
                change(place, null);
                removed.add(kept.item.id());
            }
        }
        return removed;
    }

    void clear() {
        List.copyOf(items.keySet()).forEach(place -> change(place, null));
    }
}
