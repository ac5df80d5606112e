package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that are emitted later, under faults. */
@Tag("simulation")
class ScheduleSimulationTest {
    @Test
    void whateverFailsAnEventThatIsDueIsEmittedOnce() {
        Simulated.SCHEDULE.run(1_000, 5);
    }

    @Test
    void whoIsCutOffWhenSomethingIsDueLosesNothing() {
        Simulated.UNHEARD.run(250, 5);
    }
}
