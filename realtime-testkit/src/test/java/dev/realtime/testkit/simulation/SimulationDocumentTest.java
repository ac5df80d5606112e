package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What docs/testing.md says of the market: the simulator finds the sword that a crash has doubled, and nothing where it cannot be. */
class SimulationDocumentTest {

    @Nested
    class Tavern extends SimulationExamples.TavernTest {}

    @Nested
    class Market extends SimulationExamples.MarketTest {}

    @Test
    void aSwordThatIsHandedOverInTwoStepsIsDoubledByACrashInBetween() {
        assertThatThrownBy(() -> SimulationExamples.market(SimulationExamples.TwoSteps::new)
                        .seeds(1_000)
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("owners of the sword")
                .hasMessageContaining("trace (µs)")
                .hasMessageContaining("-Dsimulation.seed=");
    }

    @Test
    void nothingIsDoubledWhereNothingFails() {
        SeedReport report = SimulationExamples.market(SimulationExamples.TwoSteps::new)
                .faults()
                .clientFaults()
                .seeds(50)
                .run();
        assertThat(report.deliveries()).isGreaterThan(50L * 10);
    }
}
