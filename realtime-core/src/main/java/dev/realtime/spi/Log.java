package dev.realtime.spi;

import dev.realtime.Position;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The ordered record of one namespace, shared by all nodes of a backend. Thread-safe; no method blocks.
 *
 * <p>Retention: a log keeps at least what {@link Retention} asks for and may forget older entries. It never forgets silently:
 * {@link #read} says so.
 */
public interface Log {

    /**
     * Appends an entry. Entries of one thread are appended in its order. Completes with the position once the log holds the entry,
     * exceptionally when it could not be stored.
     *
     * @throws IllegalArgumentException if no log of this backend could hold the entry, such as one whose target names too many rooms
     */
    CompletionStage<Position> append(LogEntry entry);

    /**
     * Appends an entry unless one was appended under this id before, on whatever node, or the id was {@linkplain #forbid forbidden}. In the log it is an entry like
     * any other, and it keeps its place among those that its thread appends.
     *
     * <p>Completes exceptionally when it could not be stored, and then it may be in the log or not: whoever calls again with the same id learns which. It is
     * never delivered to this node alone, as other entries are while the backend is away. What a backend loses it loses with what it knows of the id: an entry that a failover has lost can be appended
     * again.
     *
     * @param id any name, unique in the log; at most 256 characters
     * @param remembered how long the log recognises it at least; longer than anybody may try again
     * @throws IllegalArgumentException if no log of this backend could hold the entry
     */
    default CompletionStage<Once> appendOnce(String id, LogEntry entry, Duration remembered) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException(getClass().getName() + " does not know entries by an id"));
    }

    /**
     * Sees to it that nothing is appended under an id any more. Nothing is done if something was.
     *
     * @param remembered how long the log recognises the id at least
     */
    default CompletionStage<Once> forbid(String id, Duration remembered) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException(getClass().getName() + " does not know entries by an id"));
    }

    /**
     * What the log knows under an id.
     *
     * @param isNew whether this call was the first one
     * @param position of the entry; null if there is none, and there will be none
     */
    record Once(boolean isNew, @Nullable Position position) {}

    /**
     * How far this node knows the log: the position of the last entry that it appended or read. An entry that this node appends after this call
     * lies behind it, and every follower gets there.
     */
    Position tail();

    /** How far the log is, as the backend knows it: at or behind {@link #tail()}. For what another node has seen, and this one not yet. */
    CompletionStage<Position> latest();

    /**
     * The clock that dates entries, in milliseconds since the epoch, as this node knows it: whether an event has expired is asked of this clock and of no
     * node's own. It may lag behind by what an answer of the backend takes, and does not jump when a wall clock does.
     */
    long now();

    /**
     * Delivers every entry behind {@code after}, in order, until the registration is closed.
     *
     * @param reader called by one thread at a time; the next batch comes after it has called {@code done}
     */
    Registration follow(Position after, Reader reader);

    /**
     * Whether followers are called by a thread of the log's own that has a moment to spare: a small batch may then be delivered by it, and no
     * other thread is woken for it. Otherwise followers only take note of what they are given.
     */
    default boolean lendsThread() {
        return false;
    }

    /**
     * Reads entries behind {@code after} up to and including {@code through}, oldest first, at most {@code limit} of them.
     * Completes exceptionally with {@link TrimmedException} when entries behind {@code after} may have been forgotten.
     */
    CompletionStage<List<PlacedEntry>> read(Position after, Position through, int limit);

    /**
     * Reads from as far back as the log reaches up to and including {@code through}, oldest first, at most {@code limit} entries: for a node
     * that has just begun to follow. It goes on with {@link #read}.
     */
    CompletionStage<Beginning> beginning(Position through, int limit);

    /**
     * The oldest part of a log.
     *
     * @param after everything behind this position is still there
     * @param entries in order, perhaps none
     * @param through how far they reach
     */
    record Beginning(Position after, List<PlacedEntry> entries, Position through) {}

    /**
     * This node needs the log no longer: its followers end, and what the log holds for this node alone is released. What is under way still has a result, at the
     * latest soon after the {@linkplain Backend#close() backend} has been closed.
     */
    void close();

    /** Takes what the log holds. */
    @FunctionalInterface
    interface Reader {
        /**
         * @param batch in order; not to be kept or modified by the log afterwards. Empty where the log only tells how far it is
         * @param through the log holds nothing further up to here: at the last of the batch, or behind it where logs share a sequence of
         *     positions and others have entries there
         * @param done to be called once when the reader is ready for more, from any thread
         */
        void entries(List<PlacedEntry> batch, Position through, Runnable done);
    }

    /** Entries behind the wanted position have been forgotten. */
    final class TrimmedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public TrimmedException(Position wanted, Position oldest) {
            super("entries behind " + wanted + " are gone; the log starts behind " + oldest);
        }
    }
}
