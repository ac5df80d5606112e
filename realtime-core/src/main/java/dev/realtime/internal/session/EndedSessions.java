package dev.realtime.internal.session;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions that have ended at this node and whose record may still be found: a client that comes back to this very node at the same
 * moment does not get one from the store after the application was told that it has ended.
 */
public final class EndedSessions {
    private final Map<String, Boolean> privateIds =
            new ConcurrentHashMap<>(); // with whether the record has been given up
    private final Set<CompletableFuture<Void>> untold = ConcurrentHashMap.newKeySet();
    private final Time time;
    private final Duration admission;

    /** @param admission the longest that a client can be on its way in */
    public EndedSessions(Time time, Duration admission) {
        this.time = time;
        this.admission = admission;
    }

    /** @param over completes with whether that was the end of it; false when it goes on at another node */
    void add(String privateId, CompletionStage<Boolean> over) {
        privateIds.put(privateId, false);
        over.thenAccept(here -> {
            if (here) {
                privateIds.put(privateId, true);
                time.schedule(admission, () -> privateIds.remove(privateId)); // who is on its way has seen the record
            } else {
                privateIds.remove(privateId);
            }
        });
    }

    /** An end is being told to the application. */
    @SuppressWarnings("CollectionUndefinedEquality") // a stage is itself and no other
    void telling(CompletionStage<Void> told) {
        CompletableFuture<Void> stage = told.toCompletableFuture();
        if (!stage.isDone()) {
            untold.add(stage);
            var unused = stage.whenComplete((done, failure) -> untold.remove(stage));
        }
    }

    /** Completes when the application has been told of all ends up to now. */
    public CompletionStage<Void> whenTold() {
        return CompletableFuture.allOf(untold.toArray(CompletableFuture[]::new));
    }

    public boolean contains(String privateId) {
        return privateIds.containsKey(privateId);
    }

    /** Whether nobody but the caller will remove the record that it has claimed. */
    public boolean isOver(String privateId) {
        return privateIds.getOrDefault(privateId, false);
    }
}
