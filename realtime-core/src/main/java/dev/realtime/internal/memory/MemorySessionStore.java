package dev.realtime.internal.memory;

import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Session records in memory. Owners remove the records of sessions that end; what a crashed owner left is forgotten when it is looked
 * at after its time.
 */
final class MemorySessionStore implements SessionStore {
    private final Time time;
    private final Map<String, Kept> records = new ConcurrentHashMap<>();
    private final EndedSessionOwners graves;

    private record Kept(SessionRecord session, long deadline) {}

    MemorySessionStore(Time time) {
        this.time = time;
        this.graves = new EndedSessionOwners(time);
    }

    @Override
    public CompletionStage<Void> save(SessionRecord session, Duration timeToLive) {
        long deadline = time.nanoTime() + timeToLive.toNanos();
        AtomicReference<FencedException> refused = new AtomicReference<>();
        records.compute(session.privateId(), (id, known) -> {
            if (known == null
                    ? graves.haveEnded(id, session.home())
                    : known.session.home().overtakes(session.home())) {
                refused.set(new FencedException(session.home().fence()));
                return known;
            }
            return new Kept(session, deadline);
        });
        FencedException fenced = refused.get();
        return fenced == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(fenced);
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> find(String privateId) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(records.get(privateId)).filter(this::alive).map(Kept::session));
    }

    @Override
    public CompletionStage<Claim> claim(String privateId, String node, Claimant client) {
        AtomicReference<Claim> claim = new AtomicReference<>(new Claim.Unknown());
        records.computeIfPresent(privateId, (id, known) -> {
            if (!alive(known)) {
                return null;
            }
            SessionRecord session = known.session;
            Claim refusal = client.refusal(session);
            if (refusal != null) {
                claim.set(refusal);
                return known;
            }
            SessionRecord mine = session.claimedBy(node);
            Duration left = Duration.ofNanos(known.deadline - time.nanoTime());
            claim.set(new Claim.Granted(mine, session.home(), left));
            return new Kept(mine, known.deadline);
        });
        return CompletableFuture.completedFuture(claim.get());
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node) {
        AtomicReference<SessionRecord> claimed = new AtomicReference<>();
        records.computeIfPresent(privateId, (id, known) -> {
            if (!alive(known) || !known.session.home().node().equals(from)) {
                return known;
            }
            SessionRecord mine = known.session.claimedBy(node);
            claimed.set(mine);
            return new Kept(mine, known.deadline);
        });
        return CompletableFuture.completedFuture(Optional.ofNullable(claimed.get()));
    }

    @Override
    public CompletionStage<Removal> remove(String privateId, Home home) {
        AtomicReference<Removal> outcome = new AtomicReference<>(Removal.FORGOTTEN);
        records.compute(privateId, (id, known) -> {
            if (known == null) {
                Removal removal = graves.of(privateId, home);
                outcome.set(removal);
                if (removal.outcome() != Removal.Outcome.ELSEWHERE) {
                    graves.add(privateId, home);
                }
                return null;
            }
            if (known.session.home().overtakes(home)) {
                outcome.set(Removal.elsewhere(known.session.home()));
                return known;
            }
            outcome.set(Removal.REMOVED);
            graves.add(privateId, home);
            return null;
        });
        return CompletableFuture.completedFuture(outcome.get());
    }

    @Override
    public CompletionStage<List<SessionRecord>> homedAt(String node, int limit) {
        return CompletableFuture.completedFuture(records.values().stream()
                .filter(kept -> kept.session.home().node().equals(node) && alive(kept))
                .map(Kept::session)
                .limit(limit)
                .toList());
    }

    private boolean alive(Kept kept) {
        return kept.deadline - time.nanoTime() >= 0;
    }

    void clear() {
        records.clear();
        graves.clear();
    }
}
