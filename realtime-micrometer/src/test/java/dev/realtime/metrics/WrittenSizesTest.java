package dev.realtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class WrittenSizesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EventMeters meters = new EventMeters(new Meters(registry, Tags.empty()));

    @Test
    void oneWriteOfSixtyFourIsMeasured() {
        for (int i = 0; i < 64_000; i++) {
            meters.wrote(3, 700);
        }
        DistributionSummary frames = registry.get("realtime.write.frames").summary();
        DistributionSummary bytes = registry.get("realtime.write.bytes").summary();
        assertThat(frames.count()).isBetween(700L, 1_300L).isEqualTo(bytes.count());
        assertThat(frames.mean()).isEqualTo(3);
        assertThat(bytes.mean()).isEqualTo(700);
    }
}
