package dev.realtime.internal.memory;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One queue. Not thread-safe. */
final class MemoryQueue {
    private final TreeMap<String, Kept> items = new TreeMap<>(); // by place
    private final Map<String, Kept> byId = new HashMap<>();
    private final TreeSet<Kept> byEnd = new TreeSet<>(
            Comparator.comparing((Kept kept) -> kept.item.end()).thenComparing(kept -> kept.item.place()));
    private final AtomicLong puts;
    private long bytes;

    /** @param puts counts what is put, into other queues too: a queue that is forgotten and comes again has other places */
    MemoryQueue(AtomicLong puts) {
        this.puts = puts;
    }

    private static final class Kept {
        final Queued item;
        final int bytes;

        @Nullable
        String owner;

        Instant heldUntil = Instant.MIN;

        Kept(Queued item, int bytes) {
            this.item = item;
            this.bytes = bytes;
        }
    }

    int size() {
        return items.size();
    }

    long bytes() {
        return bytes;
    }

    /** Forgets what has come to its end. */
    void forget(Instant now) {
        while (!byEnd.isEmpty() && !byEnd.first().item.end().isAfter(now)) {
            remove(byEnd.first());
        }
    }

    private void remove(Kept kept) {
        items.remove(kept.item.place());
        byId.remove(kept.item.id());
        byEnd.remove(kept);
        bytes -= kept.bytes;
    }

    boolean remove(String id) {
        Kept kept = byId.get(id);
        if (kept != null) {
            remove(kept);
        }
        return kept != null;
    }

    /** Returns the id of what stood there; null if nothing did. */
    @Nullable
    String removeAt(String place) {
        Kept kept = items.get(place);
        if (kept == null) {
            return null;
        }
        remove(kept);
        return kept.item.id();
    }

    Added put(Item item, Bounds bounds, Instant now) {
        Kept known = byId.get(item.id());
        if (known != null) {
            return new Added(Outcome.KNOWN, known.item.due(), List.of(), now);
        }
        int size = item.text().getBytes(StandardCharsets.UTF_8).length;
        List<Kept> goes = tooMuch(item.rank(), size, bounds);
        if (goes == null) {
            return new Added(Outcome.REFUSED, null, List.of(), now);
        }
        goes.forEach(this::remove);
        Instant due = now.plus(item.delay());
        String place = String.format("%016d%012d", micros(due), puts.incrementAndGet());
        Queued queued = new Queued(item.id(), item.rank(), item.text(), due, now.plus(item.life()), place);
        Kept kept = new Kept(queued, size);
        items.put(place, kept);
        byId.put(item.id(), kept);
        byEnd.add(kept);
        bytes += size;
        List<Dropped> dropped = goes.stream()
                .map(gone -> new Dropped(gone.item.id(), gone.item.rank()))
                .toList();
        return new Added(Outcome.ADDED, due, dropped, now);
    }

    private static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1_000;
    }

    /** What has to go for an item; null if it cannot be helped. */
    private @Nullable List<Kept> tooMuch(int rank, int size, Bounds bounds) {
        int moreItems = items.size() + 1 - bounds.items();
        long moreBytes = bytes + size - bounds.bytes();
        List<Kept> goes = new ArrayList<>();
        if (moreItems <= 0 && moreBytes <= 0) {
            return goes;
        }
        if (!bounds.isDropping() || bounds.items() < 1 || size > bounds.bytes()) {
            return null;
        }
        List<Kept> leastFirst = items.values().stream()
                .sorted(Comparator.comparingInt(kept -> kept.item.rank())) // stable: the first in the queue stay first
                .toList();
        for (Kept next : leastFirst) {
            if (moreItems <= 0 && moreBytes <= 0) {
                break;
            }
            if (next.item.rank() > rank) {
                return null;
            }
            goes.add(next);
            moreItems--;
            moreBytes -= next.bytes;
        }
        return goes;
    }

    List<Queued> find(Collection<String> ids) {
        return ids.stream()
                .map(byId::get)
                .filter(kept -> kept != null)
                .map(kept -> kept.item)
                .sorted(Comparator.comparing(Queued::place))
                .distinct()
                .toList();
    }

    List<Queued> list(@Nullable String after, int limit) {
        Collection<Kept> rest =
                after == null ? items.values() : items.tailMap(after, false).values();
        return rest.stream().limit(limit).map(kept -> kept.item).toList();
    }

    Taken take(int limit, Duration lease, String owner, Instant now) {
        List<Queued> taken = new ArrayList<>();
        Instant next = null;
        for (Kept kept : items.values()) {
            if (taken.size() >= limit) {
                return new Taken(taken, now, now);
            }
            if (kept.item.due().isAfter(now)) {
                next = earlier(next, kept.item.due());
                break;
            }
            if (kept.owner != null && !kept.owner.equals(owner) && kept.heldUntil.isAfter(now)) {
                next = earlier(next, kept.heldUntil);
                continue;
            }
            kept.owner = owner;
            kept.heldUntil = now.plus(lease);
            taken.add(kept.item);
        }
        return new Taken(taken, taken.size() >= limit ? now : next, now);
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    void release(Collection<String> ids, String owner) {
        for (String id : ids) {
            Kept kept = byId.get(id);
            if (kept != null && owner.equals(kept.owner)) {
                kept.owner = null;
            }
        }
    }
}
