package dev.realtime.testkit.backend;

import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore.Claim;
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
 * Session records, and who may write them. The owner of a record outlives it, so that an owner that slept through the end of its session
 * cannot bring it back. Not thread-safe: guarded by its {@link Store}.
 */
final class StoredSessions {
    private static final Duration OWNER_OUTLIVES_RECORD = Duration.ofHours(1);

    private final Time time;
    private final Undo undo;
    private final Consumer<Consumer<Witness>> news;
    private final Map<String, Kept> records = new TreeMap<>();
    private final Map<String, Owner> owners = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record Kept(byte[] session, long deadline) {}

    /** @param over whether he has ended the session */
    private record Owner(Home home, boolean over, long deadline) {

        /** Whether he has ended the session of somebody else, whose later claim was lost. */
        boolean endedBeforeAnother(Home other) {
            return over && !home.node().equals(other.node());
        }
    }

    StoredSessions(Time time, Undo undo, Consumer<Consumer<Witness>> news) {
        this.news = news;
        this.time = time;
        this.undo = undo;
    }

    /** Whether the caller may write. */
    boolean save(String privateId, Home home, byte[] session, Duration timeToLive) {
        forget();
        Kept known = records.get(privateId);
        Owner current = owners.get(privateId);
        if (current != null
                && (current.home.overtakes(home)
                        || (current.home.fence() == home.fence() && known == null)
                        || current.endedBeforeAnother(home))) {
            return false;
        }
        put(privateId, new Kept(session, deadline(timeToLive)), home, timeToLive);
        news.accept(witness -> witness.saved(SessionRecordBytes.session(session)));
        return true;
    }

    byte @Nullable [] find(String privateId) {
        forget();
        Kept known = records.get(privateId);
        return known == null ? null : known.session;
    }

    Claim claim(String privateId, Claimant client, String node) {
        forget();
        Kept known = records.get(privateId);
        if (known == null) {
            return new Claim.Unknown();
        }
        SessionRecord session = SessionRecordBytes.session(known.session);
        Claim refusal = client.refusal(session);
        return refusal != null ? refusal : new Claim.Granted(claim(known, session, node), session.home(), left(known));
    }

    @Nullable
    SessionRecord claimFrom(String from, String privateId, String node) {
        forget();
        Kept known = records.get(privateId);
        if (known == null || !home(known).node().equals(from)) {
            return null;
        }
        return claim(known, SessionRecordBytes.session(known.session), node);
    }

    private SessionRecord claim(Kept known, SessionRecord session, String node) {
        SessionRecord claimed = session.claimedBy(node);
        Kept kept = new Kept(SessionRecordBytes.write(claimed), known.deadline);
        put(session.privateId(), kept, claimed.home(), left(known));
        news.accept(witness -> witness.claimed(claimed));
        return claimed;
    }

    private Duration left(Kept known) {
        return Duration.ofNanos(known.deadline - time.nanoTime());
    }

    Removal remove(String privateId, Home home) {
        forget();
        Kept known = records.get(privateId);
        Owner current = owners.get(privateId);
        if (current != null && (current.home.overtakes(home) || current.endedBeforeAnother(home))) {
            return Removal.elsewhere(current.over ? null : current.home);
        }
        if (current == null ? home.fence() > 0 : !current.over || home.overtakes(current.home)) {
            Owner grave = new Owner(home, true, time.nanoTime() + OWNER_OUTLIVES_RECORD.toNanos());
            owners.put(privateId, grave);
            undo.changed(() -> {
                if (current == null) {
                    owners.remove(privateId, grave);
                } else {
                    owners.put(privateId, current);
                }
            });
        }
        if (known == null) {
            return current == null ? Removal.FORGOTTEN : Removal.REMOVED;
        }
        records.remove(privateId);
        undo.changed(() -> records.put(privateId, known));
        news.accept(witness -> witness.removed(SessionRecordBytes.session(known.session)));
        return Removal.REMOVED;
    }

    List<byte[]> homedAt(String node, int limit) {
        forget();
        List<byte[]> found = new ArrayList<>();
        for (Kept kept : records.values()) {
            if (home(kept).node().equals(node) && found.size() < limit) {
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
        owners.clear();
    }

    /** The records are lost, and it is still known who owned them. */
    void loseRecords() {
        records.values()
                .forEach(lost -> news.accept(witness -> witness.lost(SessionRecordBytes.session(lost.session))));
        records.clear();
    }

    private void put(String privateId, Kept kept, Home home, Duration timeToLive) {
        Kept before = records.put(privateId, kept);
        Owner ownerBefore =
                owners.put(privateId, new Owner(home, false, deadline(timeToLive.plus(OWNER_OUTLIVES_RECORD))));
        undo.changed(() -> {
            if (before == null) {
                records.remove(privateId);
                news.accept(witness -> witness.lost(SessionRecordBytes.session(kept.session)));
            } else {
                records.put(privateId, before);
                news.accept(witness -> witness.wentBack(
                        SessionRecordBytes.session(kept.session), SessionRecordBytes.session(before.session)));
            }
            if (ownerBefore == null) {
                owners.remove(privateId);
            } else {
                owners.put(privateId, ownerBefore);
            }
        });
    }

    private static Home home(Kept kept) {
        return SessionRecordBytes.session(kept.session).home();
    }

    private long deadline(Duration timeToLive) {
        return time.nanoTime() + timeToLive.toNanos();
    }

    private void forget() {
        long now = time.nanoTime();
        records.values().removeIf(kept -> kept.deadline - now < 0);
        owners.values().removeIf(owner -> owner.deadline - now < 0);
    }
}
