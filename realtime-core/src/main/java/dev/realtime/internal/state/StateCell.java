package dev.realtime.internal.state;

import dev.realtime.spi.Log;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One state at this node. The store decides about each write, and the log tells of it: <em>nobody writes before what the last write has to tell is in the log</em>, whoever has made that.
 * So the log has all versions, in order, even if writers are killed between the two, and it has each once, since it recognises what it has been told already. Thread-safe.
 */
final class StateCell {
    /** What it takes beside its value, as far as is known of JVMs. */
    private static final int BYTES = 700;

    private static final int MOST_ATTEMPTS = 16;
    private static final int PATIENT_ATTEMPTS = 4; // before the others are asked to wait
    private static final Duration WAY = Duration.ofMillis(100);
    /** The log recognises what it was told for so long. */
    private static final Duration REMEMBERED = Duration.ofMinutes(15);
    /** What has been told for so long is marked as that in the store, where somebody watches: long before the log has forgotten it. */
    private static final Duration MARKED_AFTER = Duration.ofMinutes(1);

    private final String name; // in the store
    private final StateStore store;
    private final Log log;
    private final Duration timeToLive;
    private final Function<Stored, List<Announcement>> announcements;
    private final Executor application;
    private final StateQueue queue;
    private final Runnable askForWay;
    private volatile long waysUntil; // by the monotonic clock, while this is not 0
    private final NewcomerQueue newcomers = new NewcomerQueue();
    // used in turn only
    private @Nullable Stored known; // as this node has seen it last
    private volatile int bytes; // of what is known
    private long told; // the number of the write that the log knows
    private long toldAt; // by the monotonic clock

    /**
     * What to write where something is.
     *
     * @see #write
     */
    @FunctionalInterface
    interface Decision {
        /** @return null if there is nothing to be written */
        @Nullable
        StateText next(Stored stored);

        /** Completes when it can decide about what has just been read. */
        default CompletionStage<Void> ready() {
            return CompletableFuture.completedStage(null);
        }

        /** Whether there is anything to be decided when its turn has come. */
        default boolean isNeeded() {
            return true;
        }
    }

    /**
     * @param announcements what the log has to say of a write
     * @param askForWay asks the other nodes to {@linkplain #giveWay give way}
     * @param application runs code of the application, and the engine's own where there is none
     */
    StateCell(
            String name,
            StateStore store,
            Log log,
            Duration timeToLive,
            Function<Stored, List<Announcement>> announcements,
            Runnable askForWay,
            Executor application,
            Executor workers) {
        this.name = name;
        this.store = store;
        this.log = log;
        this.timeToLive = timeToLive;
        this.announcements = announcements;
        this.askForWay = askForWay;
        this.application = application;
        this.queue = new StateQueue(workers);
    }

    StateQueue queue() {
        return queue;
    }

    /** Sessions that are to watch, and are in no write yet. */
    NewcomerQueue newcomers() {
        return newcomers;
    }

    /** Another node is always too late, since this one knows its own last write and need not ask: the next write here waits a moment. */
    void giveWay() {
        waysUntil = store.nanoTime() + WAY.toNanos();
    }

    /** Reads the state. */
    CompletionStage<Stored> read() {
        return queue.inTurn(this::settled);
    }

    /**
     * Writes what a decision makes of what is there, again as long as somebody else is faster.
     *
     * @param executor runs the decision
     * @return what became of it: not done if the decision was to write nothing
     */
    CompletionStage<StateStore.Put> write(Decision decision, Executor executor) {
        return queue.inTurn(() -> {
            if (!decision.isNeeded()) {
                return CompletableFuture.completedStage(new StateStore.Put(false, Stored.NOTHING));
            }
            if (waysUntil == 0) {
                return write(known, decision, executor);
            }
            Duration wait = Duration.ofNanos(waysUntil - store.nanoTime());
            waysUntil = 0;
            return wait.isNegative()
                    ? write(known, decision, executor)
                    : store.after(wait, () -> write(null, decision, executor));
        });
    }

    private CompletionStage<StateStore.Put> write(@Nullable Stored last, Decision decision, Executor executor) {
        return last == null || !isOfThisEpoch(last)
                ? settled().thenCompose(now -> attempt(now, true, decision, executor, MOST_ATTEMPTS))
                : attempt(last, false, decision, executor, MOST_ATTEMPTS);
    }

    /** Sees to it that what is there has been told, and does not run out. */
    CompletionStage<Stored> look() {
        return queue.inTurn(() -> settled().thenCompose(this::keep));
    }

    // ---- in turn

    private CompletionStage<Stored> settled() {
        return store.find(name).thenCompose(now -> settle(now, MOST_ATTEMPTS));
    }

    /** What is there is told, and is of this epoch: a store that has lost something may have gone back to a version that clients have left behind. */
    private CompletionStage<Stored> settle(Stored stored, int attempts) {
        StateText text = stored.text();
        if (text == null) {
            return remember(stored);
        }
        return tell(stored).thenCompose(done -> {
            if (isOfThisEpoch(stored) && !isOlderThanKnown(stored)) {
                return remember(stored);
            }
            return attempts == 0
                    ? contended()
                    : store.put(name, stored, again(text, store.epoch(), 0, Untold.CHANGE), timeToLive)
                            .thenCompose(put -> settle(put.stored(), attempts - 1));
        });
    }

    private boolean isOlderThanKnown(Stored stored) {
        Stored last = known;
        return last != null && stored.version() < last.version();
    }

    /** The same value, written once more. */
    private StateText again(StateText text, String epoch, long version, Untold untold) {
        return new StateText(
                version,
                text.updatedAt(),
                store.now(),
                StateText.writers(store.newWriter(), text),
                epoch,
                text.by(),
                untold,
                text.json());
    }

    /** What it takes, about. From any thread. */
    int bytes() {
        return BYTES + bytes;
    }

    private CompletionStage<Stored> remember(Stored stored) {
        known = stored;
        bytes = stored.text() == null ? 0 : stored.text().size();
        return CompletableFuture.completedStage(stored);
    }

    private boolean isOfThisEpoch(Stored stored) {
        StateText text = stored.text();
        return text == null || text.epoch().equals(store.epoch());
    }

    /** @param fresh whether the store has just been asked */
    private CompletionStage<StateStore.Put> attempt(
            Stored stored, boolean fresh, Decision decision, Executor executor, int attempts) {
        return decision.ready()
                .thenCompose(ready -> CompletableFuture.supplyAsync(() -> Next.of(decision, stored), executor))
                .thenCompose(next -> {
                    StateText text = next.text;
                    if (text == null && !fresh) { // it may be out of date that nothing is to be written
                        return settled().thenCompose(now -> attempt(now, true, decision, executor, attempts));
                    }
                    if (text == null) {
                        return next.refusal == null
                                ? CompletableFuture.completedStage(new StateStore.Put(false, stored))
                                : CompletableFuture.failedStage(next.refusal);
                    }
                    return store.put(name, stored, text, timeToLive)
                            .thenCompose(put -> settle(put.stored(), MOST_ATTEMPTS)
                                    .thenCompose(now -> {
                                        if (put.isDone()) {
                                            return CompletableFuture.completedStage(new StateStore.Put(true, now));
                                        }
                                        if (attempts == MOST_ATTEMPTS - PATIENT_ATTEMPTS) {
                                            askForWay.run();
                                        }
                                        return attempts == 1
                                                ? StateCell.<StateStore.Put>contended()
                                                : attempt(now, true, decision, executor, attempts - 1);
                                    }));
                });
    }

    /**
     * What a decision has come to.
     *
     * @param text null if nothing is to be written
     * @param refusal what it threw, if it did
     */
    private record Next(@Nullable StateText text, @Nullable RuntimeException refusal) {
        static Next of(Decision decision, Stored stored) {
            try {
                return new Next(decision.next(stored), null);
            } catch (RuntimeException e) {
                return new Next(null, e);
            }
        }
    }

    private static <R> CompletionStage<R> contended() {
        return CompletableFuture.failedStage(
                new StateFailedException(Reason.CONTENDED, "others were faster " + MOST_ATTEMPTS + " times", null));
    }

    /** Tells the log what it does not know of a write, again for a while if it does not answer. */
    private CompletionStage<Void> tell(Stored stored) {
        StateText text = stored.text();
        if (text == null || told == stored.number() || text.untold().isNothing()) {
            return CompletableFuture.completedStage(null);
        }
        return CompletableFuture.supplyAsync(() -> announcements.apply(stored), application)
                .thenCompose(all -> store.answered(() -> append(text.writer(), all)))
                .thenAccept(done -> {
                    told = stored.number();
                    toldAt = store.nanoTime();
                });
    }

    private CompletionStage<Void> append(String writer, List<Announcement> all) {
        return CompletableFuture.allOf(all.stream()
                .map(one ->
                        log.appendOnce(one.id(writer), one.entry(), REMEMBERED).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Somebody needs it: it is written again before half of its time is over, and when the log has had what there was to tell for a while. */
    private CompletionStage<Stored> keep(Stored stored) {
        StateText text = stored.text();
        if (text == null || !(isToBeMarked(stored, text) || isToBeProlonged(stored, text))) {
            return CompletableFuture.completedStage(stored);
        }
        StateText again = again(text, text.epoch(), stored.version(), Untold.NOTHING);
        return store.put(name, stored, again, timeToLive).thenCompose(put -> settle(put.stored(), MOST_ATTEMPTS));
    }

    /** Two clocks are asked, since this cell may be younger than the write, and the store's clock may have been set. */
    private boolean isToBeMarked(Stored stored, StateText text) {
        return !text.untold().isNothing()
                && (age(stored, text) >= MARKED_AFTER.toMillis()
                        || store.nanoTime() - toldAt >= MARKED_AFTER.toNanos());
    }

    private boolean isToBeProlonged(Stored stored, StateText text) {
        return text.json() != null && age(stored, text) >= timeToLive.toMillis() / 2;
    }

    /** In milliseconds. A store's clock that was set back says nothing: rather too old than never old. */
    private static long age(Stored stored, StateText text) {
        return Math.abs(stored.at().toEpochMilli() - text.writtenAt());
    }
}
