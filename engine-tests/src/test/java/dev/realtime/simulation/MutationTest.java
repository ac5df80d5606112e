package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.realtime.testkit.simulation.SeedResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The simulator can fail: each fault that is planted in the engine is found within some seeds, by a violation of what it breaks, at a seed
 * where the engine as it is shows none.
 */
@Tag("simulation")
@Tag("mutants")
class MutationTest {
    private static final int SEEDS = Integer.getInteger("simulation.mutants.seeds", 40_000);
    private static final int NEAR = 8; // seeds from where it was found last
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FINDINGS = Integer.getInteger("simulation.mutants.findings", 1);

    @TestFactory
    Stream<DynamicTest> everyPlantedFaultIsFound() {
        String only = System.getProperty("simulation.mutant", "");
        return Mutants.all()
                .filter(mutant -> Pattern.compile(only).matcher(mutant.name()).find())
                .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> isFound(mutant)));
    }

    /** By the first seed that shows it, from where it was found last or from 1. */
    private static void isFound(Mutant mutant) throws Exception {
        ConcurrentSkipListMap<Long, String> found = new ConcurrentSkipListMap<>();
        AtomicLong next = new AtomicLong(1);
        try (MutatedEngine engine = MutatedEngine.of(mutant)) {
            Thread[] threads = new Thread[Runtime.getRuntime().availableProcessors()];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(() -> {
                    long tried;
                    while (found.size() < FINDINGS && (tried = next.getAndIncrement()) <= SEEDS) {
                        long seed = tried <= NEAR ? mutant.from() + tried - 1 : tried - NEAR;
                        String violation = violation(engine, mutant, seed);
                        if (!violation.isEmpty()) {
                            found.put(seed, violation);
                        }
                    }
                });
                threads[i].setDaemon(true);
                threads[i].start();
            }
            for (Thread thread : threads) {
                while (thread.isAlive() && found.size() < FINDINGS) {
                    thread.join(100);
                }
            }
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis()); // what is planted may loop for ever, at a seed that is needed no more
            }
        }
        if (found.size() < FINDINGS) {
            fail(found.size() + " of " + SEEDS + " seeds show it: " + mutant.file() + ": " + mutant.original() + " -> "
                    + mutant.replacement());
        }
        Map.Entry<Long, String> first = found.firstEntry();
        String text = first.getValue();
        System.out.println("[mutant] " + mutant.name() + ": seed " + first.getKey()
                + (FINDINGS > 1 ? " to " + found.lastKey() : "") + ", "
                + text.substring(0, Math.min(120, text.length())));
        SeedResult unchanged = mutant.under().run(first.getKey());
        assertThat(unchanged.violations())
                .as("violations of the engine as it is")
                .isEmpty();
    }

    private static String violation(MutatedEngine engine, Mutant mutant, long seed) {
        try {
            for (String violation : engine.violations(seed)) {
                for (String invariant : mutant.shows()) {
                    if (violation.startsWith(invariant + ":")) {
                        return violation;
                    }
                }
            }
            return "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
