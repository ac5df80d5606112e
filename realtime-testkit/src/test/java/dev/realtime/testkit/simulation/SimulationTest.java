package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Clusters under faults. {@code -Dsimulation.seed=7} runs one seed again and shows its trace; {@code -Dsimulation.seeds=10000} runs so
 * many, {@code -Dsimulation.from=…} from there on; without either, as many as fit into a minute.
 */
class SimulationTest {
    private static final int THREADS = 2;
    private static final Duration DEFAULT_TIME = Duration.ofSeconds(60);

    @Test
    void whateverFailsNoClientLosesOrRepeatsAnEventUnlessItIsTold() throws InterruptedException {
        Long seed = Long.getLong("simulation.seed");
        if (seed != null) {
            Outcome outcome = Simulation.run(seed);
            System.out.println(outcome);
            assertThat(outcome.violations()).isEmpty();
            return;
        }
        long first = Long.getLong("simulation.from", 1);
        Long wanted = Long.getLong("simulation.seeds");
        long last = wanted == null ? Long.MAX_VALUE : first + wanted - 1;
        long deadline = System.nanoTime() + DEFAULT_TIME.toNanos();
        AtomicLong next = new AtomicLong(first);
        AtomicInteger run = new AtomicInteger();
        AtomicLong deliveries = new AtomicLong();
        AtomicLong resumes = new AtomicLong();
        List<String> failures = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                while (failures.isEmpty() && (wanted != null || System.nanoTime() - deadline < 0)) {
                    long mine = next.getAndIncrement();
                    if (mine > last) {
                        return;
                    }
                    try {
                        Outcome outcome = Simulation.run(mine);
                        run.incrementAndGet();
                        deliveries.addAndGet(outcome.deliveries());
                        resumes.addAndGet(outcome.resumes());
                        if (!outcome.isClean()) {
                            failures.add(outcome.toString());
                        }
                    } catch (RuntimeException | Error e) {
                        failures.add("seed " + mine + " threw " + e);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(deliveries.get()).as("events that were checked").isGreaterThan(50L * run.get());
        assertThat(resumes.get()).as("sessions that came back").isGreaterThan(2L * run.get());
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
}
