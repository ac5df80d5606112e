package dev.realtime.testkit.backend;

import dev.realtime.spi.Leases;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Leases as one node sees them. */
final class NodeLeases implements Leases {
    private final NodeBackend backend;

    NodeLeases(NodeBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Boolean> renew(String node, Duration lease) {
        return backend.call(Traffic.LEASES, () -> backend.store().leases(leases -> leases.renew(node, lease)));
    }

    @Override
    public CompletionStage<Set<String>> living() {
        return backend.call(Traffic.LEASES, () -> backend.store().leases(StoredLeases::living));
    }

    @Override
    public CompletionStage<Set<String>> takeOver(Duration patience) {
        return backend.call(Traffic.LEASES, () -> backend.store().leases(leases -> leases.takeOver(patience)));
    }

    @Override
    public CompletionStage<Void> endTakeover(String node) {
        return change(leases -> leases.endTakeover(node));
    }

    @Override
    public CompletionStage<Void> end(String node) {
        return change(leases -> leases.end(node));
    }

    private CompletionStage<Void> change(Consumer<StoredLeases> change) {
        return backend.call(
                        Traffic.LEASES,
                        () -> backend.store().leases(leases -> {
                            change.accept(leases);
                            return true;
                        }))
                .thenAccept(done -> {});
    }
}
