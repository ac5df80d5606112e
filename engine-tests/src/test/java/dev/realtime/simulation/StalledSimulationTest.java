package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of a room who stop reading, and what is put down for them together. */
@Tag("simulation")
class StalledSimulationTest {
    @Test
    void whoeverStopsReadingMissesNothingUnlessItIsTold() {
        Simulated.STALLED.run(300, 50);
    }
}
