package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of a cluster under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace. */
@Tag("simulation")
class LimitsSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.limits.seeds", 1_000);

    @Test
    void whateverFailsNoMoreIsAdmittedOnAllNodesThanMayBe() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.LIMITS.simulator().run();
            return;
        }
        LongSummaryStatistics taps = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.LIMITS.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(taps.getSum()).as("taps").isGreaterThan(30L * SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.LIMITS.run(seed).trace())
                    .isEqualTo(Simulated.LIMITS.run(seed).trace());
        }
    }
}
