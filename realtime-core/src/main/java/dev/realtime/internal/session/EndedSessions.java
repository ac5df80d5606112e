package dev.realtime.internal.session;

import dev.realtime.spi.Home;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that have ended at this node, and whose record may still be found. A client that comes back to this node at the same moment does
 * not get its session from the store after the application has been told of the end. Thread-safe.
 */
public final class EndedSessions {
    private final Map<String, Ended> privateIds = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<Void>> untold = ConcurrentHashMap.newKeySet();
    private final SessionStore store;
    private final Time time;
    private final Duration admission;
    private final RetriedQuestions unanswered;
    private final RetriedQuestions claims;
    private final AtomicInteger losses = new AtomicInteger(); // how often the backend may have lost removals

    /**
     * A session that has ended here.
     *
     * @param timer once the record has been given up
     * @param home whose it was then
     */
    private record Ended(
            Time.@Nullable Timer timer, @Nullable Home home) {}

    /**
     * @param admission the longest that a client can be on its way in
     * @param pause before a store that does not say whose a session was is asked again
     */
    public EndedSessions(SessionStore store, Time time, Executor executor, Duration admission, Duration pause) {
        this.store = store;
        this.time = time;
        this.admission = admission;
        this.unanswered = new RetriedQuestions(time, executor, pause);
        this.claims = new RetriedQuestions(time, executor, pause);
    }

    /** See {@link RetriedQuestions}. */
    public <T> CompletionStage<T> untilAnswered(Supplier<CompletionStage<T>> question) {
        return unanswered.ask(question);
    }

    /** The same for what may have been claimed. Clients can cause that for names that are no session's, so it takes no place of the ends'. */
    public <T> CompletionStage<T> untilClaimAnswered(Supplier<CompletionStage<T>> question) {
        return claims.ask(question);
    }

    /**
     * @param over completes with whether that was the end of it; false when it goes on at another node
     * @param home asked then: whose the record was that was removed; null when there is none
     */
    void add(String privateId, CompletionStage<Boolean> over, Supplier<@Nullable Home> home) {
        privateIds.put(privateId, new Ended(null, null));
        int before = losses.get();
        over.thenAccept(here -> {
            if (here) {
                // who is on its way has seen the record
                Time.Timer timer = time.schedule(admission, () -> privateIds.remove(privateId));
                Ended known = new Ended(timer, home.get());
                privateIds.put(privateId, known);
                if (losses.get() != before) {
                    removeAgain(privateId, known); // it may have been removed before that
                }
            } else {
                privateIds.remove(privateId);
            }
        });
    }

    /** Takes note of an end that is being told to the application. */
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
        Ended known = privateIds.get(privateId);
        return known != null && known.timer != null;
    }

    /** Removes the records once more, since the backend may have lost what it was told last: a session whose end has been told must not come back. */
    public void removeAgain() {
        losses.incrementAndGet();
        privateIds.forEach(this::removeAgain);
    }

    private void removeAgain(String privateId, Ended ended) {
        Home home = ended.home;
        if (ended.timer != null && home != null) {
            var unused = unanswered.ask(() -> store.remove(privateId, home));
        }
    }

    /** Asks nothing more, since the node has stopped. */
    public void close() {
        unanswered.close();
        claims.close();
        privateIds.values().forEach(ended -> {
            if (ended.timer != null) {
                ended.timer.cancel();
            }
        });
    }
}
