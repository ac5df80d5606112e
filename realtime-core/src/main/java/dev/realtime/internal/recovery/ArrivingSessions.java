package dev.realtime.internal.recovery;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions that this node has claimed, or is claiming, and that are not registered here yet. Thread-safe. */
final class ArrivingSessions {
    private final Set<CompletableFuture<Void>> arriving = ConcurrentHashMap.newKeySet();
    private final Runnable arrived;

    /** @param arrived runs behind each arrival */
    ArrivingSessions(Runnable arrived) {
        this.arrived = arrived;
    }

    /** Expects a session. The result must run when the session is registered, or will never be; it may run twice. */
    @SuppressWarnings("CollectionUndefinedEquality") // a stage is itself and no other
    Runnable expect() {
        CompletableFuture<Void> arrival = new CompletableFuture<>();
        arriving.add(arrival);
        return () -> {
            if (arriving.remove(arrival)) {
                arrival.complete(null);
                arrived.run();
            }
        };
    }

    boolean isEmpty() {
        return arriving.isEmpty();
    }

    /** Completes when all sessions that are expected now have arrived, or will not. */
    CompletionStage<Void> whenArrived() {
        return CompletableFuture.allOf(arriving.toArray(CompletableFuture[]::new));
    }
}
