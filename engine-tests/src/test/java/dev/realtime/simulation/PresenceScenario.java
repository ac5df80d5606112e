package dev.realtime.simulation;

import dev.realtime.testkit.simulation.SeedResult;
import dev.realtime.testkit.simulation.Simulator;

/** {@link LibraryScenario}, whose nodes say who is there. */
public final class PresenceScenario {
    private PresenceScenario() {}

    static Simulator simulator() {
        return LibraryScenario.simulator(true);
    }

    /** Runs one seed. */
    public static SeedResult run(long seed) {
        return simulator().run(seed);
    }
}
