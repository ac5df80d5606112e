package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Events that are emitted later, under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code
 * -Dsimulation.schedule.seeds=10000} runs so many.
 */
@Tag("simulation")
class ScheduleSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.schedule.seeds", 1_000);

    @Test
    void whateverFailsAnEventThatIsDueIsEmittedOnce() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.SCHEDULE.simulator().run();
            return;
        }
        LongSummaryStatistics emitted = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.SCHEDULE.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(emitted.getSum()).as("emitted").isGreaterThan(5L * SEEDS);
    }

    @Test
    void whoIsCutOffWhenSomethingIsDueLosesNothing() {
        LongStream.rangeClosed(1, SEEDS / 4)
                .parallel()
                .forEach(seed -> assertThat(Simulated.UNHEARD.run(seed).violations())
                        .as("seed %d", seed)
                        .isEmpty());
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.SCHEDULE.run(seed).trace())
                    .isEqualTo(Simulated.SCHEDULE.run(seed).trace());
        }
    }
}
