package dev.realtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;

/** Makes the meters of one engine in one registry, and knows which they are. Thread-safe. */
final class Meters {
    private static final String PREFIX = "realtime.";

    private final MeterRegistry registry;
    private final Tags tags;
    private final Descriptions descriptions = Descriptions.load();
    private final Queue<Meter> made = new ConcurrentLinkedQueue<>();
    private volatile boolean removed;

    Meters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Nanoseconds by the registry's clock. */
    long now() {
        return registry.config().clock().monotonicTime();
    }

    private <M extends Meter> M known(M meter) {
        made.add(meter);
        if (removed) {
            removeAll(); // one of an event that was under way
        }
        return meter;
    }

    void removeAll() {
        removed = true;
        for (Meter meter; (meter = made.poll()) != null; ) {
            registry.remove(meter);
        }
    }

    void functionCounter(String name, Tags labels, DoubleSupplier value) {
        // a registry refers to what is counted weakly, and to the function strongly: so the function holds it
        known(FunctionCounter.builder(PREFIX + name, value, held -> value.getAsDouble())
                .description(descriptions.of(PREFIX + name))
                .tags(tags.and(labels))
                .register(registry));
    }

    void gauge(String name, Tags labels, DoubleSupplier value) {
        known(Gauge.builder(PREFIX + name, value, DoubleSupplier::getAsDouble)
                .description(descriptions.of(PREFIX + name))
                .tags(tags.and(labels))
                .strongReference(true)
                .register(registry));
    }

    Counter counter(String name, Tags labels) {
        return known(Counter.builder(PREFIX + name)
                .description(descriptions.of(PREFIX + name))
                .tags(tags.and(labels))
                .register(registry));
    }

    /** @param bounds of the buckets of its histogram */
    Timer timer(String name, Tags labels, Duration... bounds) {
        return known(Timer.builder(PREFIX + name)
                .description(descriptions.of(PREFIX + name))
                .tags(tags.and(labels))
                .serviceLevelObjectives(bounds)
                .register(registry));
    }

    /** @param bounds of the buckets of its histogram */
    DistributionSummary summary(String name, double... bounds) {
        return known(DistributionSummary.builder(PREFIX + name)
                .description(descriptions.of(PREFIX + name))
                .tags(tags)
                .serviceLevelObjectives(bounds)
                .register(registry));
    }
}
