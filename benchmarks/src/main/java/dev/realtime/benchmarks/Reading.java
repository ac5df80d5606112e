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

    /**
     * Between the nodes of a cluster.
     *
     * @param microsPerDelivery CPU time of all nodes per delivery on another node than the sender's, senders on all nodes
     * @param redisMicrosPerMessage CPU time of Redis per message, senders on all nodes
     * @param emitterMicros CPU time per message of the node that emits while the others only receive
     * @param receiverMicros CPU time per message of one of these others, their mean
     * @param messagesPerSecond over all nodes
     * @param p50Millis median of the time from the sending client to the receiving one
     * @param p99Millis 99th percentile of it
     * @param nodesBusy cores that all nodes used together
     * @param redisBusy share of a core that Redis used
     * @param generatorBusy share of a core that the generator used
     * @param offsets whether events carried a recovery offset
     */
    record Cross(
            double microsPerDelivery,
            double redisMicrosPerMessage,
            double emitterMicros,
            double receiverMicros,
            double messagesPerSecond,
            double p50Millis,
            double p99Millis,
            double nodesBusy,
            double redisBusy,
            double generatorBusy,
            boolean offsets)
            implements Reading {}

    /** What one idle connection holds, in bytes. */
    record Idle(double heapBytes, double residentBytes) implements Reading {}
}
