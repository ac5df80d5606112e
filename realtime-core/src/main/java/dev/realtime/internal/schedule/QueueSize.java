package dev.realtime.internal.schedule;

import dev.realtime.spi.Queues;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many items a queue holds, for whoever reads that again and again and cannot wait: a reading is told what the last answer was, and asks for the next one if
 * nobody has for a while. So it costs nothing where nobody reads, and little where many queues are read often. Thread-safe.
 */
final class QueueSize {
    /** How long nobody asks again. An answer that takes longer is not waited for: it may never come, and the next one may. */
    static final Duration REUSED = Duration.ofSeconds(10);

    private final Queues queues;
    private final String queue;
    private final LongSupplier nanoTime;
    // guarded by this
    private @Nullable Question latest;
    private long last;

    /** @param since by the monotonic clock */
    private record Question(long since) {}

    QueueSize(Queues queues, String queue, LongSupplier nanoTime) {
        this.queues = queues;
        this.queue = queue;
        this.nanoTime = nanoTime;
    }

    /** What the queue held when it was asked last, {@link #REUSED} ago or at an earlier reading; 0 at first. */
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

    /** Null if the latest question is not old. */
    private synchronized @Nullable Question begin() {
        long now = nanoTime.getAsLong();
        Question before = latest;
        if (before != null && now - before.since < REUSED.toNanos()) {
            return null;
        }
        Question mine = new Question(now);
        latest = mine;
        return mine;
    }

    @SuppressWarnings("ReferenceEquality") // two questions of one moment are two
    private synchronized void answered(Question question, Queues.@Nullable Size size) {
        if (latest == question && size != null) {
            last = size.items();
        }
    }
}
