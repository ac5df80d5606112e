package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Phase;
import dev.realtime.benchmarks.load.Relay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several nodes on one Redis, open loop. First the senders of all nodes take turns, which gives the latency and the cost of a
 * delivery; then those of one node send at the rate that each node had before, which tells emitting from receiving.
 *
 * @param load the part of the option's rate at which messages leave
 */
record CrossNode(int nodes, double load) implements Scenario.Single {
    private static final long STARTUP_NANOS = 60_000_000_000L;

    @Override
    public String describe(Options options) {
        return "%d nodes on one Redis, open loop of %,.0f messages/s of %d B in all, each delivered once on every other node"
                .formatted(nodes, load * options.crossRate(), options.payloadBytes());
    }

    @Override
    public Reading measure(Server server, Options options) throws IOException {
        List<ServerProcess> running = new ArrayList<>();
        try (RedisProcess redis = RedisProcess.start(options)) {
            for (int i = 0; i < nodes; i++) {
                running.add(ServerProcess.startNode(server, redis, options));
            }
            return measure(running, redis, options);
        } finally {
            for (ServerProcess process : running) {
                process.close();
            }
        }
    }

    private Reading measure(List<ServerProcess> servers, RedisProcess redis, Options options) throws IOException {
        int[] ports = servers.stream().mapToInt(ServerProcess::port).toArray();
        long deadline = System.nanoTime() + STARTUP_NANOS;
        try (Crowd crowd = new Crowd(ports)) {
            crowd.growTo(Relay.clients(nodes, options.crossSenders()), deadline);
            Relay relay = new Relay(crowd, nodes, options.crossSenders(), options.payloadBytes(), deadline);
            double rate = load * options.crossRate();
            warmUp(relay, rate, servers, options.warmupNanos());

            Snapshot before = Snapshot.of(servers, redis);
            Phase all = relay.fromAll(rate, options.measureNanos());
            Snapshot used = Snapshot.of(servers, redis).since(before);

            relay.fromFirst(rate / nodes, options.warmupNanos() / 4);
            before = Snapshot.of(servers, redis);
            Phase first = relay.fromFirst(rate / nodes, options.measureNanos() / 2);
            Snapshot oneWay = Snapshot.of(servers, redis).since(before);

            double messages = all.units();
            double others = nodes - 1;
            return new Reading.Cross(
                    used.allNodes() / 1e3 / (messages * others),
                    used.redis / 1e3 / messages,
                    oneWay.nodes.get(0) / 1e3 / first.units(),
                    (oneWay.allNodes() - oneWay.nodes.get(0)) / 1e3 / others / first.units(),
                    messages * 1e9 / all.nanos(),
                    all.latency().getValueAtPercentile(50) / 1e6,
                    all.latency().getValueAtPercentile(99) / 1e6,
                    (double) used.allNodes() / used.wall,
                    (double) used.redis / used.wall,
                    (double) used.generator / used.wall,
                    all.offsets());
        }
    }

    /**
     * Until each node has had its CPU time for a JIT compiler on average, or four times as long has passed. In steps: at the full rate a
     * server that still runs in an interpreter would be overrun.
     */
    private void warmUp(Relay relay, double rate, List<ServerProcess> servers, long nanos) throws IOException {
        long wallEnd = System.nanoTime() + 4 * nanos;
        relay.fromAll(rate / 10, nanos / 8);
        relay.fromAll(rate / 3, nanos / 8);
        while (ServerProcess.cpuNanos(servers) < nodes * nanos && System.nanoTime() < wallEnd) {
            relay.fromAll(rate, 1_000_000_000);
        }
        relay.fromAll(rate, 1_000_000_000);
    }

    /** CPU time so far, or between two such moments, in nanoseconds. */
    private record Snapshot(List<Long> nodes, long redis, long generator, long wall) {
        static Snapshot of(List<ServerProcess> servers, RedisProcess redis) throws IOException {
            List<Long> nodes = new ArrayList<>();
            for (ServerProcess server : servers) {
                nodes.add(server.cpuNanos());
            }
            return new Snapshot(nodes, redis.cpuNanos(), ProcessTimes.ownNanos(), System.nanoTime());
        }

        Snapshot since(Snapshot before) {
            List<Long> used = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                used.add(nodes.get(i) - before.nodes.get(i));
            }
            return new Snapshot(used, redis - before.redis, generator - before.generator, wall - before.wall);
        }

        long allNodes() {
            return nodes.stream().mapToLong(Long::longValue).sum();
        }
    }
}
