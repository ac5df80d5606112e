package dev.realtime.testkit.backend;

import dev.realtime.spi.Values;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Values as one node sees them. */
final class NodeValues implements Values {
    private final NodeBackend backend;

    NodeValues(NodeBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Value> find(String name) {
        return backend.call(Traffic.VALUES, () -> backend.store().values(values -> values.find(name)));
    }

    @Override
    public CompletionStage<Written> put(String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
        return backend.call(
                Traffic.VALUES,
                () -> backend.store().values(values -> values.put(name, expectedVersion, text, timeToLive)));
    }
}
