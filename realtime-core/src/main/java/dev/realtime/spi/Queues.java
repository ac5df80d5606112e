package dev.realtime.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ordered, bounded queues that all nodes share, by name: a mailbox, whose items are due at once, and a schedule, whose items are due later, are the same.
 * Items stand in the order in which they are due, those of one moment in the order in which they were put. Whoever works them off takes them for a while,
 * and removes what is done: what a node has taken that is killed is there for others when its lease is over.
 *
 * <p>Moments and leases are by the store's clock, which every answer tells; no clock of a node can make an item due early or late. Every item has an end, and a queue of
 * which nothing is left leaves nothing behind. Calls that are made together cost one round trip where that is possible. A stage that fails does not say
 * whether it was done; every call may be made again and then says the same, but for {@link #remove}, {@link #removeAt} and {@link #clear}, which say what they have found.
 * Thread-safe; no method blocks.
 */
public interface Queues {

    /**
     * Adds an item. One whose id is in the queue already is {@link Outcome#KNOWN}, and nothing changes.
     *
     * @param bounds of the queue from now on; what is in it beyond them goes with the next item that needs room
     */
    CompletionStage<Added> put(String queue, Item item, Bounds bounds);

    /** Looks for items by their ids, and touches none. They come in the order of the queue. */
    CompletionStage<Page> find(String queue, Collection<String> ids);

    /**
     * Looks at a part of the queue and touches nothing: due or not, taken or not.
     *
     * @param after the {@link Queued#place} of the last item that was seen; null for the beginning
     */
    CompletionStage<Page> list(String queue, @Nullable String after, int limit);

    /** How much is in the queue. */
    CompletionStage<Size> size(String queue);

    /**
     * Takes the first items that are due and that no other owner holds. They are the owner's for this long from now; what he held already is among them, and
     * his for as long. So a call that is made twice takes no more than one, and a lease is extended by taking again.
     *
     * @param limit how many at most, those that the owner holds already included
     * @param owner whom others have to wait for; any name that nobody else uses
     */
    CompletionStage<Taken> take(String queue, int limit, Duration lease, String owner);

    /** Gives back what an owner holds of these, so that others can take it at once. */
    CompletionStage<Void> release(String queue, Collection<String> ids, String owner);

    /** Removes items, whoever holds them. */
    CompletionStage<Removed> remove(String queue, Collection<String> ids);

    /**
     * Removes what stands at these {@linkplain Queued#place places}, whoever holds it: the very items that were seen there, and not what has been put under
     * their ids since.
     */
    CompletionStage<Removed> removeAt(String queue, Collection<String> places);

    /** Removes all of them. Completes with what was in the queue. */
    CompletionStage<Size> clear(String queue);

    /**
     * What is to be put.
     *
     * @param id by which the queue knows it; at most 256 characters, not empty
     * @param rank what is more important has a higher one
     * @param text what it says; counted in bytes of UTF-8
     * @param delay until it is due, from when it is put; zero for at once, at most ten years
     * @param life after which it is forgotten, from when it is put; longer than the delay
     */
    record Item(String id, int rank, String text, Duration delay, Duration life) {}

    /**
     * How much a queue may hold.
     *
     * @param items how many
     * @param bytes of their texts
     * @param isDropping what happens to what is too much: whether the least important items go, of equal ones the first in the queue, or the new one is refused. It is
     *     refused too if one of a higher rank would have to go for it, or if it is larger than the whole queue
     */
    record Bounds(int items, long bytes, boolean isDropping) {}

    /**
     * An item as it stands in a queue.
     *
     * @param due since or from when it can be taken
     * @param end when it is forgotten
     * @param place where it stands, for {@link #list} and {@link #removeAt}: no other item of the queue ever stands there; has a meaning for the store alone
     */
    record Queued(String id, int rank, String text, Instant due, Instant end, String place) {}

    /** What became of an item. */
    enum Outcome {
        /** It is in the queue. */
        ADDED,
        /** It was in the queue before. */
        KNOWN,
        /** There was no room for it; nothing has changed. */
        REFUSED
    }

    /**
     * What became of an item, and of others.
     *
     * @param due when it is, or when the one is that was in the queue before; null if it was refused
     * @param dropped who had to go for it, the least important first
     * @param at the store's clock as it said so
     */
    record Added(Outcome outcome, @Nullable Instant due, List<Dropped> dropped, Instant at) {}

    /** An item that had to go for another. */
    record Dropped(String id, int rank) {}

    /**
     * Items, first things first.
     *
     * @param at the store's clock as it said so
     */
    record Page(List<Queued> items, Instant at) {}

    /**
     * Items that were taken, first things first.
     *
     * @param next when there may be more to take: at once if the limit was reached, when the next one is due or the lease of another owner ends if not; null if
     *     there is nothing else
     * @param at the store's clock as it said so
     */
    record Taken(List<Queued> items, @Nullable Instant next, Instant at) {}

    /**
     * How much there is.
     *
     * @param at the store's clock as it said so
     */
    record Size(int items, long bytes, Instant at) {}

    /**
     * What was removed.
     *
     * @param ids of those that were there
     * @param at the store's clock as it said so
     */
    record Removed(Set<String> ids, Instant at) {}
}
