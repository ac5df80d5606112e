package dev.realtime.internal.schedule;

import dev.realtime.spi.Queues;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many items a queue holds, for whoever reads that again and again and cannot wait: each reading asks, unless an answer is under way, and is told what the
 * last answer was. So it costs nothing where nobody reads. Thread-safe.
 */
final class QueueSize {
    private final Queues queues;
    private final String queue;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long last;

    QueueSize(Queues queues, String queue) {
        this.queues = queues;
        this.queue = queue;
    }

    /** What the queue held when that was read last; 0 at first. */
    long last() {
        if (asking.compareAndSet(false, true)) {
            var unused = CompletableFuture.completedFuture(queue)
                    .thenCompose(queues::size)
                    .whenComplete((size, failure) -> {
                        if (size != null) {
                            last = size.items();
                        }
                        asking.set(false);
                    });
        }
        return last;
    }
}
