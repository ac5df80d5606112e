package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Presence under faults. */
@Tag("simulation")
class PresenceSimulationTest {
    @Test
    void whateverFailsAllNodesAgreeOnWhoIsThere() {
        Simulated.PRESENCE.run(2_500, 50);
    }
}
