package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clusters under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code -Dsimulation.seeds=500} runs so
 * many, {@code -Dsimulation.from=1000} from there on, {@code -Dsimulation.from=today} from a seed that no other day begins with.
 */
@Tag("simulation")
class SimulationTest {
    private static final long DEFAULT_SEEDS = 10_000;
    private static final long SEEDS_PER_DAY = 10_000_000;
    private static final long LEFT_BEHIND = 192L << 20;

    private final AtomicLong run = new AtomicLong();
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong resumes = new AtomicLong();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void whateverFailsNoClientLosesOrRepeatsAnEventUnlessItIsTold() throws InterruptedException {
        Long seed = Long.getLong("simulation.seed");
        if (seed != null) {
            Outcome outcome = Simulation.run(seed);
            System.out.println(outcome);
            assertThat(outcome.violations()).isEmpty();
            return;
        }
        long first = first();
        long last = first + Long.getLong("simulation.seeds", DEFAULT_SEEDS) - 1;
        long start = System.nanoTime();
        run(first, last);
        System.out.printf(
                "[simulation] %d seeds from %d in %d s: %d events, %d resumes%n",
                run.get(), first, (System.nanoTime() - start) / 1_000_000_000, deliveries.get(), resumes.get());
        assertThat(failures).isEmpty();
        assertThat(run.get()).isEqualTo(last - first + 1);
        assertThat(deliveries.get()).as("events that were checked").isGreaterThan(50L * run.get());
        assertThat(resumes.get()).as("sessions that came back").isGreaterThan(2L * run.get());
        System.gc();
        assertThat(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory())
                .as("bytes that clusters have left behind")
                .isLessThan(LEFT_BEHIND);
    }

    private static long first() {
        String from = System.getProperty("simulation.from", "1");
        return from.equals("today") ? LocalDate.now(ZoneOffset.UTC).toEpochDay() * SEEDS_PER_DAY : Long.parseLong(from);
    }

    private void run(long first, long last) throws InterruptedException {
        AtomicLong next = new AtomicLong(first);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                long seed;
                while (failures.isEmpty() && (seed = next.getAndIncrement()) <= last) {
                    run(seed);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void run(long seed) {
        try {
            Outcome outcome = Simulation.run(seed);
            run.incrementAndGet();
            deliveries.addAndGet(outcome.deliveries());
            resumes.addAndGet(outcome.resumes());
            if (!outcome.isClean()) {
                failures.add(outcome.toString());
            }
        } catch (RuntimeException | Error e) {
            failures.add("seed " + seed + " threw " + e);
        }
    }

    @Test
    void theSameSeedGivesTheSameTraceToTheLastLetter() {
        for (long seed = 1; seed <= 8; seed++) {
            Outcome one = Simulation.run(seed);
            Outcome other = Simulation.run(seed);
            assertThat(other.trace()).isEqualTo(one.trace());
            assertThat(other.hash()).isEqualTo(one.hash());
        }
        assertThat(Simulation.run(1).hash()).isNotEqualTo(Simulation.run(2).hash());
    }

    /** A set that iterates otherwise in each virtual machine, as those of {@code Set.of} do, would make a found seed useless elsewhere. */
    @Test
    void anotherVirtualMachineGivesTheSameTraceToo() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hashes.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(other.waitFor()).isZero();
        assertThat(printed.lines().toList()).isEqualTo(Hashes.ofSomeSeeds());
    }

    /** Prints the hash of each of some seeds. */
    static final class Hashes {
        private Hashes() {}

        static List<String> ofSomeSeeds() {
            return LongStream.rangeClosed(1, 60)
                    .mapToObj(seed -> seed + " " + Simulation.run(seed).hash())
                    .toList();
        }

        public static void main(String[] arguments) {
            ofSomeSeeds().forEach(System.out::println);
        }
    }
}
