package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Presence under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code -Dsimulation.presence.seeds=3000
 * -Dsimulation.presence.first=3001} runs others.
 */
@Tag("simulation")
class PresenceSimulationTest {
    private static final int SEEDS = 2_500;

    @Test
    void whateverFailsAllNodesAgreeOnWhoIsThere() {
        if (Long.getLong("simulation.seed") != null) {
            Simulated.PRESENCE.simulator().run();
            return;
        }
        int first = Integer.getInteger("simulation.presence.first", 1);
        int seeds = Integer.getInteger("simulation.presence.seeds", SEEDS);
        Map<Long, List<String>> violations = new ConcurrentSkipListMap<>();
        LongStream.range(first, first + seeds).parallel().forEach(seed -> {
            SeedResult result = Simulated.PRESENCE.run(seed);
            if (!result.violations().isEmpty()) {
                violations.put(seed, result.violations());
            }
        });
        assertThat(violations).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 1; seed <= 4; seed++) {
            assertThat(Simulated.PRESENCE.run(seed).trace())
                    .isEqualTo(Simulated.PRESENCE.run(seed).trace());
        }
    }
}
