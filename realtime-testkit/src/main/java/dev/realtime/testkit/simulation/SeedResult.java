package dev.realtime.testkit.simulation;

import java.util.List;

/**
 * What came of one seed.
 *
 * @param hash of the trace; the same for every run of the seed
 * @param deliveries reliable events that clients received
 * @param resumes how often a client got its session back
 * @param violations what should not have happened; empty when all is well
 * @param trace everything that happened, with microseconds since the beginning
 */
public record SeedResult(
        long seed, long hash, int deliveries, int resumes, List<String> violations, List<String> trace) {

    /** Whether nothing was wrong. */
    public boolean isClean() {
        return violations.isEmpty();
    }

    /** The seed, the violations, and the whole trace. */
    @Override
    public String toString() {
        return "seed " + seed + "\n  " + String.join("\n  ", violations) + "\ntrace (µs)\n  "
                + String.join("\n  ", trace);
    }
}
