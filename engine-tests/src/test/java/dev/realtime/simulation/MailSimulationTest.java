package dev.realtime.simulation;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that are kept for users, under faults. */
@Tag("simulation")
class MailSimulationTest {
    @Test
    void whateverFailsAMessageIsKeptUntilItIsAcknowledged() {
        Simulated.MAIL.run(1_000, 5);
    }
}
