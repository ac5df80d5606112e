package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages that are kept for users, under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code
 * -Dsimulation.mail.seeds=10000} runs so many.
 */
@Tag("simulation")
class MailSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.mail.seeds", 1_000);

    @Test
    void whateverFailsAMessageIsKeptUntilItIsAcknowledged() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.MAIL.simulator().run();
            return;
        }
        LongSummaryStatistics delivered = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.MAIL.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(delivered.getSum()).as("delivered").isGreaterThan(5L * SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.MAIL.run(seed).trace())
                    .isEqualTo(Simulated.MAIL.run(seed).trace());
        }
    }
}
