package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that are handled once, under faults. */
@Tag("simulation")
class IdempotencySimulationTest {
    @Test
    void whateverFailsARequestIsHandledOnceAndAnsweredTheSame() {
        Simulated.IDEMPOTENCY.run(1_000, 25);
    }
}
