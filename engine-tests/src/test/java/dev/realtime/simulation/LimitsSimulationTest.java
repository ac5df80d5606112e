package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of a cluster under faults. */
@Tag("simulation")
class LimitsSimulationTest {
    @Test
    void whateverFailsNoMoreIsAdmittedOnAllNodesThanMayBe() {
        Simulated.LIMITS.run(1_000, 30);
    }
}
