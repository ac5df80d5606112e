package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Budget;
import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Echo;
import dev.realtime.benchmarks.load.Fanout;
import dev.realtime.benchmarks.load.Later;
import dev.realtime.benchmarks.load.Letters;
import dev.realtime.benchmarks.load.Phase;
import java.io.IOException;
import java.util.List;

/** What one node on a Redis of its own is enough for. */
sealed interface OneNode extends Scenario.Single {
    @Override
    default Reading measure(Server server, Options options) throws IOException {
        try (RedisProcess redis = RedisProcess.start(options);
                ServerProcess node = ServerProcess.startNode(server, redis, options);
                Crowd crowd = new Crowd(node.port())) {
            return measure(crowd, node, redis, options);
        }
    }

    Reading measure(Crowd crowd, ServerProcess node, RedisProcess redis, Options options) throws IOException;

    /** Each connection keeps {@code inFlight} requests under way, no two with the same payload. */
    record Requests(int connections, int inFlight) implements OneNode {
        @Override
        public String describe(Options options) {
            return "ack echo of %d B, no two alike, one node on a Redis, %d connections × %d in flight"
                    .formatted(options.payloadBytes(), connections, inFlight);
        }

        @Override
        public Reading measure(Crowd crowd, ServerProcess node, RedisProcess redis, Options options)
                throws IOException {
            crowd.growTo(connections, Scenario.deadline());
            Echo echo = new Echo(crowd, inFlight, options.payloadBytes(), true);
            echo.closedLoop(node.cpuBudget(options.warmupNanos()));
            return read(node, redis, 1, () -> echo.closedLoop(node.cpuBudget(options.measureNanos())));
        }
    }

    /** Each of {@code senders} keeps one broadcast to all under way, or one update of what all watch. */
    record Watched(int watchers, int senders) implements OneNode {
        private static final long SETTLE_NANOS = 1_000_000_000L;

        @Override
        public String describe(Options options) {
            return "%d B to %d connections, an event or a new version of a state, one node on a Redis, closed loop, %d senders"
                    .formatted(options.payloadBytes(), watchers, senders);
        }

        @Override
        public Reading measure(Crowd crowd, ServerProcess node, RedisProcess redis, Options options)
                throws IOException {
            crowd.growTo(watchers, Scenario.deadline());
            Fanout fanout = new Fanout(crowd, senders, options.payloadBytes());
            crowd.turnUntil(System.nanoTime() + SETTLE_NANOS); // until all watch
            fanout.closedLoop(1, node.cpuBudget(options.warmupNanos()));
            return read(node, redis, watchers, () -> fanout.closedLoop(1, node.cpuBudget(options.measureNanos())));
        }
    }

    /** Connections store {@code count} events that are due at once; then some at a rate, to see how late they are. */
    record Timers(int connections, int inFlight, int count) implements OneNode {
        private static final int WARM_UP = 2_000;
        private static final long FIRST_AHEAD_NANOS = 4_000_000_000L;
        private static final long LEAST_AHEAD_NANOS = 1_000_000_000L;
        private static final double PER_SECOND = 500;
        private static final long AHEAD_NANOS = 1_000_000_000L;

        @Override
        public String describe(Options options) {
            return "%,d events of %d B scheduled for one time, one node on a Redis, %d connections × %d in flight; then %.0f a second, %d s ahead"
                    .formatted(
                            count,
                            options.payloadBytes(),
                            connections,
                            inFlight,
                            PER_SECOND,
                            AHEAD_NANOS / 1_000_000_000L);
        }

        @Override
        public Reading measure(Crowd crowd, ServerProcess node, RedisProcess redis, Options options)
                throws IOException {
            crowd.growTo(connections, Scenario.deadline());
            Later later = new Later(crowd, options.payloadBytes());
            long ahead = warmUp(later, node, options);
            Reading.Backed stored = read(node, redis, 1, () -> later.store(count, inFlight, ahead));
            Reading.Backed fired = read(node, redis, 1, later::arrivals);
            later.openLoop(PER_SECOND, AHEAD_NANOS, AHEAD_NANOS);
            Phase steady = later.openLoop(PER_SECOND, options.measureNanos(), AHEAD_NANOS);
            return new Reading.Timers(
                    stored.microsPerUnit(),
                    stored.redisMicrosPerUnit(),
                    stored.unitsPerSecond(),
                    fired.microsPerUnit(),
                    fired.redisMicrosPerUnit(),
                    fired.unitsPerSecond(),
                    steady.latency().getValueAtPercentile(50) / 1e6,
                    steady.latency().getValueAtPercentile(99) / 1e6);
        }

        /** Returns how far ahead all must be due to be stored by then: twice as far as it takes. */
        private long warmUp(Later later, ServerProcess node, Options options) throws IOException {
            Budget warm = node.cpuBudget(options.warmupNanos());
            long ahead = FIRST_AHEAD_NANOS;
            do {
                long took = later.store(WARM_UP, inFlight, ahead).nanos();
                later.arrivals();
                ahead = Math.max(LEAST_AHEAD_NANOS, 2 * took);
            } while (!warm.spent());
            return ahead * count / WARM_UP;
        }
    }

    /** Each connection keeps {@code inFlight} messages to its own user under way: stored, delivered and acknowledged. */
    record Mail(int connections, int inFlight) implements OneNode {
        @Override
        public String describe(Options options) {
            return "messages of %d B, stored, delivered and acknowledged, one node on a Redis, %d connections × %d in flight"
                    .formatted(options.payloadBytes(), connections, inFlight);
        }

        @Override
        public Reading measure(Crowd crowd, ServerProcess node, RedisProcess redis, Options options)
                throws IOException {
            crowd.users(index -> "u" + index);
            crowd.growTo(connections, Scenario.deadline());
            Letters letters = new Letters(crowd, options.payloadBytes());
            letters.closedLoop(inFlight, node.cpuBudget(options.warmupNanos()));
            return read(node, redis, 1, () -> letters.closedLoop(inFlight, node.cpuBudget(options.measureNanos())));
        }
    }

    /** @param unitsOfOne phase's units in one of the reading: deliveries of an update */
    private static Reading.Backed read(ServerProcess node, RedisProcess redis, int unitsOfOne, Scenario.Work work)
            throws IOException {
        return read(List.of(node), redis, unitsOfOne, work);
    }

    /** What nodes on one Redis spend on some work. */
    static Reading.Backed read(List<ServerProcess> nodes, RedisProcess redis, int unitsOfOne, Scenario.Work work)
            throws IOException {
        long redisCpu = redis.cpuNanos();
        long wall = System.nanoTime();
        long cpu = ServerProcess.cpuNanos(nodes);
        long generatorCpu = ProcessTimes.ownNanos();
        Phase phase = work.run();
        generatorCpu = ProcessTimes.ownNanos() - generatorCpu;
        cpu = ServerProcess.cpuNanos(nodes) - cpu;
        wall = System.nanoTime() - wall;
        redisCpu = redis.cpuNanos() - redisCpu;
        double units = (double) phase.units() / unitsOfOne;
        return new Reading.Backed(
                cpu / 1e3 / units,
                redisCpu / 1e3 / units,
                units * 1e9 / phase.nanos(),
                phase.latency().getValueAtPercentile(50) / 1e6,
                phase.latency().getValueAtPercentile(99) / 1e6,
                (double) cpu / wall,
                (double) redisCpu / wall,
                (double) generatorCpu / wall);
    }
}
