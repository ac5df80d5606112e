package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shared states under faults: no version is lost, doubled or out of order. */
@Tag("simulation")
class StatesSimulationTest {
    @Test
    void whateverFailsEachVersionReachesWhoWatchesOnceAndInOrder() {
        Simulated.STATES.run(1_000, 50);
    }
}
