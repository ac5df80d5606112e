package dev.realtime.testkit.backend;

import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore.Removal;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Session records, and who may write them. The fence of a record outlives it, so that an owner that slept through the end of its session
 * cannot bring it back. Not thread-safe: guarded by its {@link Store}.
 */
final class StoredSessions {
    private static final Duration FENCE_OUTLIVES_RECORD = Duration.ofHours(1);

    private final Time time;
    private final Undo undo;
    private final Consumer<Consumer<Witness>> news;
    private final Map<String, Kept> records = new TreeMap<>();
    private final Map<String, Fence> fences = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record Kept(byte[] session, String node, long deadline) {}

    private record Fence(long value, long deadline) {}

    StoredSessions(Time time, Undo undo, Consumer<Consumer<Witness>> news) {
        this.news = news;
        this.time = time;
        this.undo = undo;
    }

    /** Whether the caller may write. */
    boolean save(String privateId, long fence, String node, byte[] session, Duration timeToLive) {
        forget();
        Kept known = records.get(privateId);
        Fence current = fences.get(privateId);
        if (current != null && (current.value > fence || (current.value == fence && known == null))) {
            return false;
        }
        put(privateId, new Kept(session, node, deadline(timeToLive)), fence, timeToLive);
        news.accept(witness -> witness.saved(Codec.session(session)));
        return true;
    }

    byte @Nullable [] find(String privateId) {
        forget();
        Kept known = records.get(privateId);
        return known == null ? null : known.session;
    }

    /** @param from the home that it must have; null for any */
    byte @Nullable [] claim(String privateId, @Nullable String from, String node) {
        forget();
        Kept known = records.get(privateId);
        if (known == null || (from != null && !known.node.equals(from))) {
            return null;
        }
        SessionRecord claimed = Codec.session(known.session).claimedBy(node);
        byte[] session = Codec.write(claimed);
        Duration left = Duration.ofNanos(known.deadline - time.nanoTime());
        put(privateId, new Kept(session, node, known.deadline), claimed.fence(), left);
        news.accept(witness -> witness.claimed(claimed));
        return session;
    }

    Removal remove(String privateId, long fence) {
        forget();
        Kept known = records.get(privateId);
        Fence current = fences.get(privateId);
        if (current != null && current.value > fence) {
            return Removal.ELSEWHERE;
        }
        if (current == null ? fence > 0 : current.value < fence) {
            Fence grave = new Fence(fence, time.nanoTime() + FENCE_OUTLIVES_RECORD.toNanos());
            fences.put(privateId, grave);
            undo.changed(() -> {
                if (current == null) {
                    fences.remove(privateId, grave);
                } else {
                    fences.put(privateId, current);
                }
            });
        }
        if (known == null) {
            return current == null ? Removal.FORGOTTEN : Removal.REMOVED;
        }
        records.remove(privateId);
        undo.changed(() -> records.put(privateId, known));
        news.accept(witness -> witness.removed(Codec.session(known.session)));
        return Removal.REMOVED;
    }

    List<byte[]> homedAt(String node, int limit) {
        forget();
        List<byte[]> found = new ArrayList<>();
        for (Kept kept : records.values()) {
            if (kept.node.equals(node) && found.size() < limit) {
                found.add(kept.session);
            }
        }
        return found;
    }

    List<byte[]> all() {
        forget();
        return records.values().stream().map(Kept::session).toList();
    }

    /** All that was written is lost. */
    void lose() {
        loseRecords();
        fences.clear();
    }

    /** The records are lost, and it is still known who owned them. */
    void loseRecords() {
        records.values().forEach(lost -> news.accept(witness -> witness.lost(Codec.session(lost.session))));
        records.clear();
    }

    private void put(String privateId, Kept kept, long fence, Duration timeToLive) {
        Kept before = records.put(privateId, kept);
        Fence fenceBefore = fences.put(privateId, new Fence(fence, deadline(timeToLive.plus(FENCE_OUTLIVES_RECORD))));
        undo.changed(() -> {
            if (before == null) {
                records.remove(privateId);
                news.accept(witness -> witness.lost(Codec.session(kept.session)));
            } else {
                records.put(privateId, before);
            }
            if (fenceBefore == null) {
                fences.remove(privateId);
            } else {
                fences.put(privateId, fenceBefore);
            }
        });
    }

    private long deadline(Duration timeToLive) {
        return time.nanoTime() + timeToLive.toNanos();
    }

    private void forget() {
        long now = time.nanoTime();
        records.values().removeIf(kept -> kept.deadline - now < 0);
        fences.values().removeIf(fence -> fence.deadline - now < 0);
    }
}
