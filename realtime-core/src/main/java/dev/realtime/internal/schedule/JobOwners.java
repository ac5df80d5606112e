package dev.realtime.internal.schedule;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Outcome;
import dev.realtime.spi.Queues.Page;
import dev.realtime.spi.Queues.Queued;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How many jobs each owner has on the schedule of a namespace. A job stands in a queue of its owner before it stands in the schedule, and until it has left that. So an owner
 * never has more than the bound. What a node that was killed has left behind is cleared away when its owner has no room. Thread-safe.
 */
final class JobOwners {
    /** After that a job is in the schedule, or does not get there any more. */
    private static final Duration UNDER_WAY = Duration.ofMinutes(1);

    private static final String MARK = "1";

    private final Queues queues;
    private final String schedule;
    private final String prefix;
    private final int most;
    private final Bounds bounds;

    /**
     * @param schedule the queue of the namespace's jobs
     * @param most jobs of one owner
     */
    JobOwners(Queues queues, String namespace, String schedule, int most) {
        this.queues = queues;
        this.schedule = schedule;
        this.prefix = "schedule.of:" + namespace.length() + ":" + namespace + ":";
        this.most = most;
        this.bounds = new Bounds(most, (long) most * MARK.length(), false);
    }

    /** Takes a place for a job. Completes with false if its owner has no more. */
    CompletionStage<Boolean> takePlace(String owner, String id, Duration life) {
        Item item = new Item(id, 0, MARK, Duration.ZERO, life);
        return put(owner, item)
                .thenCompose(taken -> taken
                        ? CompletableFuture.completedFuture(true)
                        : clear(owner)
                                .thenCompose(cleared ->
                                        cleared ? put(owner, item) : CompletableFuture.completedFuture(false)));
    }

    private CompletionStage<Boolean> put(String owner, Item item) {
        return queues.put(prefix + owner, item, bounds).thenApply(added -> added.outcome() != Outcome.REFUSED);
    }

    /** Completes with whether there is room again. */
    private CompletionStage<Boolean> clear(String owner) {
        return queues.list(prefix + owner, null, most).thenCompose(page -> {
            List<String> old = old(page);
            return old.isEmpty()
                    ? CompletableFuture.completedFuture(false)
                    : queues.find(schedule, old).thenCompose(found -> {
                        List<String> gone = new ArrayList<>(old);
                        found.items().forEach(job -> gone.remove(job.id()));
                        return givePlaces(owner, gone).thenApply(done -> !gone.isEmpty());
                    });
        });
    }

    private static List<String> old(Page page) {
        return page.items().stream()
                .filter(item -> Duration.between(item.due(), page.at()).compareTo(UNDER_WAY) > 0)
                .map(Queued::id)
                .toList();
    }

    /** Gives back the places of jobs that are not in the schedule any more. */
    CompletionStage<Void> givePlaces(String owner, List<String> ids) {
        return ids.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : queues.remove(prefix + owner, ids).thenApply(removed -> null);
    }
}
