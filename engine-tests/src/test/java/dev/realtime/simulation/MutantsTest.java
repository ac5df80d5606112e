package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** That each fault can be planted is known in a moment; that it is found takes minutes ({@link MutationTest}). */
class MutantsTest {
    @Test
    void thereAreEnoughOfThem() {
        assertThat(Mutant.ALL).hasSizeGreaterThanOrEqualTo(25);
        assertThat(PresenceMutants.ALL).hasSizeGreaterThanOrEqualTo(4);
        assertThat(UserMutants.ALL).hasSizeGreaterThanOrEqualTo(5);
        assertThat(ScheduleMutants.ALL).hasSizeGreaterThanOrEqualTo(5);
        assertThat(MailMutants.ALL).hasSizeGreaterThanOrEqualTo(5);
        assertThat(StateMutants.ALL).hasSizeGreaterThanOrEqualTo(5);
        assertThat(LimitMutants.ALL).hasSizeGreaterThanOrEqualTo(5);
        assertThat(IdempotencyMutants.ALL).hasSizeGreaterThanOrEqualTo(3);
        assertThat(Mutants.all()).extracting(Mutant::name).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> eachStandsInTheCodeOnce() {
        return Mutants.all()
                .map(mutant -> DynamicTest.dynamicTest(
                        mutant.name(), () -> assertThat(mutant.source()).contains(mutant.replacement())));
    }
}
