package dev.realtime.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The numbers of questions mean one question each, to whichever node their answers come. */
class AckIdsTest {
    private static final int QUESTIONS = 1_000;

    private static int[] numbers(String id) {
        AckIds ids = new AckIds(() -> id);
        return IntStream.range(0, QUESTIONS).map(i -> ids.next()).toArray();
    }

    @Test
    void noNumberOfANodeIsOneOfAnotherOrOfItselfAfterARestart() {
        Set<Integer> all = new HashSet<>();
        for (int node = 0; node < 10; node++) {
            for (int number : numbers("n" + node + "-00000000000000001")) {
                assertThat(all.add(number))
                        .as("number %s of node %s", number, node)
                        .isTrue();
            }
        }
    }

    @Test
    void everyNumberFitsIntoAnIntAndIsNotNegative() {
        assertThat(IntStream.range(0, 100)
                        .flatMap(node -> IntStream.of(numbers("n" + node)))
                        .min()
                        .orElseThrow())
                .isNotNegative();
    }

    @Test
    void theSameIdGivesTheSameNumbers() {
        assertThat(numbers("n1-00000000000000001")).containsExactly(numbers("n1-00000000000000001"));
    }
}
