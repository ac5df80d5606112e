package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that are handled once, under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace. */
@Tag("simulation")
class IdempotencySimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.idempotency.seeds", 1_000);

    @Test
    void whateverFailsARequestIsHandledOnceAndAnsweredTheSame() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.IDEMPOTENCY.simulator().run();
            return;
        }
        LongSummaryStatistics answers = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.IDEMPOTENCY.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(answers.getSum()).as("answers").isGreaterThan(25L * SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.IDEMPOTENCY.run(seed).trace())
                    .isEqualTo(Simulated.IDEMPOTENCY.run(seed).trace());
        }
    }
}
