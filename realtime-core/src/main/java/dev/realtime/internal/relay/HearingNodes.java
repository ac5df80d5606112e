package dev.realtime.internal.relay;

import dev.realtime.spi.Bus;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Which nodes hear what this one relays, and whether it would hear their answers: known for a second, so that many requests ask once. Thread-safe. */
final class HearingNodes {
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Of a node that was there it is known for longer that it may be asked for, so that those that clients make up do not take its place. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** Clients can make up names of nodes. */
    private static final int MOST = 1_024;

    private final Bus bus;
    private final Executor workers;
    private final Time time;
    private final String self;
    private final Map<String, Known> known = new HashMap<>(); // guarded by this

    private record Known(CompletableFuture<Boolean> hears, long since) {
        boolean isFresh(long now) {
            return now - since < FRESH.toNanos();
        }

        boolean isWorthKeeping(long now) {
            return isFresh(now) || (now - since < KEPT.toNanos() && wasThere());
        }

        private boolean wasThere() {
            return hears.isDone() && !hears.isCompletedExceptionally() && hears.join();
        }
    }

    /** @param workers on which answers are given: whoever carries the bus has other things to do than what waits for them */
    HearingNodes(Bus bus, Executor workers, Time time, String self) {
        this.bus = bus;
        this.workers = workers;
        this.time = time;
        this.self = self;
    }

    /** Whether a node hears this one, and this one hears it. Completes exceptionally when that cannot be found out. */
    CompletionStage<Boolean> hears(String node) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        synchronized (this) {
            long now = time.nanoTime();
            Known last = known.get(node);
            if (last != null && last.isFresh(now)) {
                return last.hears();
            }
            if (last == null && known.size() >= MOST) {
                known.values().removeIf(one -> !one.isWorthKeeping(now));
                if (known.size() >= MOST) {
                    return CompletableFuture.failedFuture(
                            new IllegalStateException("more nodes are asked for than there can be"));
                }
            }
            known.put(node, new Known(answer, now));
        }
        try {
            bus.hearing(Set.of(self, node))
                    .whenComplete((hearing, failure) -> workers.execute(() -> {
                        if (failure != null) {
                            answer.completeExceptionally(failure);
                        } else {
                            answer.complete(hearing.size() == 2);
                        }
                    }));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }
}
