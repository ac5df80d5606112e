package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users under faults: one login each, and mutes that hold. {@code -Dsimulation.seed=7} runs one seed again and shows its trace. */
@Tag("simulation")
class UsersSimulationTest {
    private static final int SEEDS = 1_000;

    @Test
    void whateverFailsAUserIsLoggedInOnceAndAMuteHolds() {
        SeedReport report = UsersScenario.simulator().seeds(SEEDS).run();
        if (report.seeds() > 1) {
            assertThat(report.deliveries()).as("decisions").isGreaterThan(5L * report.seeds());
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(UsersScenario.run(seed).trace())
                    .isEqualTo(UsersScenario.run(seed).trace());
        }
    }
}
