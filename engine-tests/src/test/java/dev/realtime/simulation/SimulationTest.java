package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.simulation.SeedReport;
import dev.realtime.testkit.simulation.SeedResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clusters under faults: delivery, sessions, rooms, recovery. */
@Tag("simulation")
class SimulationTest {
    private static final long LEFT_BEHIND = 192L << 20;

    @Test
    void whateverFailsNoClientLosesOrRepeatsAnEventUnlessItIsTold() {
        long start = System.nanoTime();
        SeedReport report = Simulated.LIBRARY.run(10_000, 50);
        System.out.printf(
                "[simulation] %d seeds in %d s: %d events, %d resumes%n",
                report.seeds(), (System.nanoTime() - start) / 1_000_000_000, report.deliveries(), report.resumes());
        if (report.seeds() > 1) {
            assertThat(report.resumes()).as("sessions that came back").isGreaterThan(2L * report.seeds());
        }
        System.gc();
        assertThat(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory())
                .as("bytes that clusters have left behind")
                .isLessThan(LEFT_BEHIND);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameTraceToTheLastLetter(Simulated simulated) {
        for (long seed = 1; seed <= 4; seed++) {
            SeedResult one = simulated.run(seed);
            SeedResult other = simulated.run(seed);
            assertThat(other.trace()).isEqualTo(one.trace());
            assertThat(other.hash()).isEqualTo(one.hash());
        }
        assertThat(simulated.run(1).hash()).isNotEqualTo(simulated.run(2).hash());
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
                    .mapToObj(seed -> seed + " " + Simulated.LIBRARY.run(seed).hash())
                    .toList();
        }

        public static void main(String[] arguments) {
            ofSomeSeeds().forEach(System.out::println);
        }
    }
}
