package dev.realtime.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What one phase of a scenario saw. It starts and ends quiet, nothing in flight, so the CPU time read before and after it
 * belongs to exactly these units.
 *
 * @param units deliveries or echoes, each verified to have arrived once
 * @param nanos from the first send to the last arrival
 * @param latency send to arrival of each unit, in nanoseconds; under an open loop from the time the send was due
 * @param offsets whether the events carried a recovery offset after the payload
 */
public record Phase(long units, long nanos, Histogram latency, boolean offsets) {
    static Histogram histogram() {
        return new Histogram(1_000, 60_000_000_000L, 3);
    }
}
