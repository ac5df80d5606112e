package dev.realtime.benchmarks;

/** One measurement of one server in one scenario. */
sealed interface Reading {
    /**
     * Under load.
     *
     * @param microsPerUnit CPU time of the server process per delivery or echo
     * @param unitsPerSecond throughput
     * @param p50Millis median latency
     * @param p99Millis 99th percentile of the latency
     * @param serverBusy share of its core that the server used
     * @param generatorBusy share of its core that the generator used
     * @param offsets whether events carried a recovery offset
     */
    record Load(
            double microsPerUnit,
            double unitsPerSecond,
            double p50Millis,
            double p99Millis,
            double serverBusy,
            double generatorBusy,
            boolean offsets)
            implements Reading {}

    /** What one idle connection holds, in bytes. */
    record Idle(double heapBytes, double residentBytes) implements Reading {}
}
