package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Shared states under faults: no version is lost, doubled or out of order. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code
 * -Dsimulation.states.seeds=10000} runs so many.
 */
@Tag("simulation")
class StatesSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.states.seeds", 1_000);

    @Test
    void whateverFailsEachVersionReachesWhoWatchesOnceAndInOrder() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.STATES.simulator().run();
            return;
        }
        LongSummaryStatistics shown = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.STATES.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(shown.getSum()).as("shown").isGreaterThan(50L * SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.STATES.run(seed).trace())
                    .isEqualTo(Simulated.STATES.run(seed).trace());
        }
    }
}
