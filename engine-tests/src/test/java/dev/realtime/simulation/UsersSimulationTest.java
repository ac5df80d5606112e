package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users under faults: one login each, and mutes that hold. */
@Tag("simulation")
class UsersSimulationTest {
    @Test
    void whateverFailsAUserIsLoggedInOnceAndAMuteHolds() {
        Simulated.USERS.run(1_000, 5);
    }
}
