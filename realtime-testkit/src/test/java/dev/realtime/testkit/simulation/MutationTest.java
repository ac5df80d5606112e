package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The simulator can fail: each fault that is planted in the engine is found within some seeds. */
class MutationTest {
    private static final int SEEDS = Integer.getInteger("simulation.mutants.seeds", 400);
    private static final int THREADS = 2;

    @TestFactory
    Stream<DynamicTest> everyPlantedFaultIsFound() {
        return Mutant.ALL.stream().map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> isFound(mutant)));
    }

    @Test
    void thereAreEnoughOfThem() {
        assertThat(Mutant.ALL).hasSizeGreaterThanOrEqualTo(25);
        assertThat(Mutant.ALL).extracting(Mutant::name).doesNotHaveDuplicates();
    }

    private static void isFound(Mutant mutant) throws Exception {
        List<String> found = new CopyOnWriteArrayList<>();
        AtomicLong next = new AtomicLong(1);
        try (MutatedEngine engine = MutatedEngine.of(mutant)) {
            Thread[] threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                threads[i] = new Thread(() -> {
                    long seed;
                    while (found.isEmpty() && (seed = next.getAndIncrement()) <= SEEDS) {
                        try {
                            String violation = engine.violation(seed);
                            if (!violation.isEmpty()) {
                                found.add("seed " + seed + ": " + violation);
                            }
                        } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        if (found.isEmpty()) {
            fail("survived " + SEEDS + " seeds: " + mutant.file() + ": " + mutant.original() + " -> "
                    + mutant.replacement());
        }
        System.out.println("[mutant] " + mutant.name() + " — "
                + found.get(0).substring(0, Math.min(160, found.get(0).length())));
    }
}
