package dev.realtime.internal.schedule;

import dev.realtime.spi.Queues;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many items a queue holds, for whoever reads that again and again and cannot wait: each reading asks, unless an answer is under way, and is told what the
 * last answer was. So it costs nothing where nobody reads. Thread-safe.
 */
final class QueueSize {
    /** An answer that takes longer is not waited for: it may never come, and the next one may. */
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    private final Queues queues;
    private final String queue;
    private final LongSupplier nanoTime;
    // guarded by this
    private @Nullable Question underWay;
    private long last;

    /** @param since by the monotonic clock */
    private record Question(long since) {}

    QueueSize(Queues queues, String queue, LongSupplier nanoTime) {
        this.queues = queues;
        this.queue = queue;
        this.nanoTime = nanoTime;
    }

    /** What the queue held when that was read last; 0 at first. */
    long last() {
        Question mine = begin();
        if (mine != null) {
            var unused = CompletableFuture.completedFuture(queue)
                    .thenCompose(queues::size)
                    .whenComplete((size, failure) -> answered(mine, size));
        }
        synchronized (this) {
            return last;
        }
    }

    /** Null while an answer is awaited. */
    private synchronized @Nullable Question begin() {
        long now = nanoTime.getAsLong();
        Question before = underWay;
        if (before != null && now - before.since < PATIENCE) {
            return null;
        }
        Question mine = new Question(now);
        underWay = mine;
        return mine;
    }

    @SuppressWarnings("ReferenceEquality") // two questions of one moment are two
    private synchronized void answered(Question question, Queues.@Nullable Size size) {
        if (underWay == question) {
            underWay = null;
            if (size != null) {
                last = size.items();
            }
        }
    }
}
