package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.LongSummaryStatistics;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Users under faults: one login each, and mutes that hold. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code
 * -Dsimulation.users.seeds=10000} runs so many.
 */
@Tag("simulation")
class UsersSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.users.seeds", 1_000);

    @Test
    void whateverFailsAUserIsLoggedInOnceAndAMuteHolds() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.USERS.simulator().run();
            return;
        }
        LongSummaryStatistics decisions = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .map(seed -> {
                    SeedResult result = Simulated.USERS.run(seed);
                    assertThat(result.violations()).as("seed %d", seed).isEmpty();
                    return result.deliveries();
                })
                .summaryStatistics();
        assertThat(decisions.getSum()).as("decisions").isGreaterThan(5L * SEEDS);
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.USERS.run(seed).trace())
                    .isEqualTo(Simulated.USERS.run(seed).trace());
        }
    }
}
