package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of a room who stop reading, and what is put down for them together. {@code -Dsimulation.seed=7} runs one seed again and shows its trace. */
@Tag("simulation")
class StalledSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.stalled.seeds", 300);

    @Test
    void whoeverStopsReadingMissesNothingUnlessItIsTold() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.STALLED.simulator().run();
            return;
        }
        LongSummaryStatistics events = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.STALLED.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(events.getSum()).as("events that were checked").isGreaterThan(50L * SEEDS);
    }
}
