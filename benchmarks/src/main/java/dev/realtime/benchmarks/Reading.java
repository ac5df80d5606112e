package dev.realtime.benchmarks;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** One measurement of one server in one scenario. */
sealed interface Reading {
    /** Returns all that was measured as numbers under the names of the components: 1 for yes, 0 for no. */
    default Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        for (RecordComponent component : getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(this);
                double number = value instanceof Boolean yes ? yes ? 1 : 0 : ((Number) value).doubleValue();
                values.put(component.getName(), number);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return values;
    }

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
            implements Reading {
        /** Several phases of the same kind as one; all have the same number of units. */
        static Load of(List<Load> phases, Histogram latency) {
            return new Load(
                    mean(phases, Load::microsPerUnit),
                    1 / mean(phases, phase -> 1 / phase.unitsPerSecond()),
                    latency.getValueAtPercentile(50) / 1e6,
                    latency.getValueAtPercentile(99) / 1e6,
                    mean(phases, Load::serverBusy),
                    mean(phases, Load::generatorBusy),
                    phases.get(0).offsets());
        }

        private static double mean(List<Load> phases, ToDoubleFunction<Load> value) {
            return phases.stream().mapToDouble(value).average().orElseThrow();
        }
    }

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

    /**
     * Sessions of one node that come back on another.
     *
     * @param sessions all of them
     * @param resumed those that were found
     * @param retries how often a client was sent away and tried again
     * @param microsPerReturn CPU time of the node that they come back to, per session
     * @param redisMicrosPerReturn CPU time of Redis per session
     * @param commandsPerReturn what Redis was asked, by all nodes, per session
     * @param p50Millis until half of them were back
     * @param lastMillis until all were
     * @param quietP99Millis how long clients that were at that node all along waited for an answer before, 99th percentile
     * @param stormP99Millis the same meanwhile
     */
    record Storm(
            int sessions,
            int resumed,
            int retries,
            double microsPerReturn,
            double redisMicrosPerReturn,
            double commandsPerReturn,
            double p50Millis,
            double lastMillis,
            double quietP99Millis,
            double stormP99Millis)
            implements Reading {}

    /**
     * Who is there, on several nodes, one of which is killed in the end.
     *
     * @param users all of them, each with one session
     * @param microsPerConnect CPU time of all nodes per connect while many connect at once
     * @param redisMicrosPerConnect CPU time of Redis per connect then
     * @param entriesPerConnect of the log then
     * @param bytesPerConnect of these entries: the names and values of their fields
     * @param entriesAlone entries of the log per connect if one comes each ten milliseconds
     * @param bytesAlone bytes of these
     * @param heapBytes of all nodes, for each session
     * @param leaseMillis how long the killed node's lease still was; what follows counts from its end
     * @param noticedMillis until one of the others took the killed one over
     * @param knownMillis until all the others knew its users to be reconnecting, and everything else as it was; NaN without presence
     * @param takenOverMillis until all its sessions had a new home
     */
    record Presence(
            int users,
            double microsPerConnect,
            double redisMicrosPerConnect,
            double entriesPerConnect,
            double bytesPerConnect,
            double entriesAlone,
            double bytesAlone,
            double heapBytes,
            double leaseMillis,
            double noticedMillis,
            double knownMillis,
            double takenOverMillis)
            implements Reading {}

    /**
     * Broadcasts to rooms.
     *
     * @param microsPerDelivery CPU time of all nodes per delivery
     * @param redisMicrosPerBroadcast CPU time of Redis per broadcast; 0 without Redis
     * @param deliveriesPerBroadcast members of a room
     * @param deliveriesPerRead how many came with one read of the client: about as many as left with one write
     * @param deliveriesPerSecond throughput
     * @param p50Millis median of the time from the sending client to the receiving one
     * @param p99Millis 99th percentile of it
     * @param generatorBusy share of a core that the generator used
     */
    record Deliveries(
            double microsPerDelivery,
            double redisMicrosPerBroadcast,
            double deliveriesPerBroadcast,
            double deliveriesPerRead,
            double deliveriesPerSecond,
            double p50Millis,
            double p99Millis,
            double generatorBusy)
            implements Reading {}

    /**
     * Of one node on a Redis.
     *
     * @param microsPerUnit CPU time of the node per request or update
     * @param redisMicrosPerUnit CPU time of Redis per request or update
     * @param unitsPerSecond throughput
     * @param p50Millis median latency
     * @param p99Millis 99th percentile of the latency
     * @param nodeBusy cores that the node used
     * @param redisBusy share of a core that Redis used
     * @param generatorBusy share of a core that the generator used
     */
    record Backed(
            double microsPerUnit,
            double redisMicrosPerUnit,
            double unitsPerSecond,
            double p50Millis,
            double p99Millis,
            double nodeBusy,
            double redisBusy,
            double generatorBusy)
            implements Reading {}

    /**
     * Events that are emitted later, by one node on a Redis.
     *
     * @param microsPerStored CPU time of the node per event until it is stored and that is answered
     * @param redisMicrosPerStored CPU time of Redis for it
     * @param storedPerSecond how many of them
     * @param microsPerFired CPU time of the node from when all are stored until all have arrived, per event
     * @param redisMicrosPerFired CPU time of Redis for it
     * @param firedPerSecond from when all are due until all have arrived
     * @param p50Millis how late events arrive that are due one by one, median
     * @param p99Millis 99th percentile of it
     */
    record Timers(
            double microsPerStored,
            double redisMicrosPerStored,
            double storedPerSecond,
            double microsPerFired,
            double redisMicrosPerFired,
            double firedPerSecond,
            double p50Millis,
            double p99Millis)
            implements Reading {}

    /** What one idle connection holds, in bytes. */
    record Idle(double heapBytes, double residentBytes) implements Reading {}
}
