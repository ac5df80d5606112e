package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Arrivals;
import dev.realtime.benchmarks.load.Budget;
import dev.realtime.benchmarks.load.Client;
import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.LoadException;
import dev.realtime.benchmarks.load.Traffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Users come to several nodes on one Redis, and one of the nodes is killed: what a connect costs when it is known everywhere who is there, and how soon
 * the other nodes agree again.
 *
 * @param nodes how many; the first is killed
 */
record ClusterPresence(int nodes) implements Scenario.Single {
    private static final int AT_ONCE = 64;
    private static final int WARM_UP = 900;
    private static final int ALONE = 300;
    private static final long ALONE_NANOS = 10_000_000;
    private static final long QUIET_NANOS = 300_000_000;
    private static final String ABSENT = "disconnected";

    @Override
    public String describe(Options options) {
        return "%,d users on %d nodes (Redis), %d connect at a time; then a node is killed"
                .formatted(options.idleConnections(), nodes, AT_ONCE);
    }

    @Override
    public Reading measure(Server server, Options options) throws IOException {
        List<ServerProcess> running = new ArrayList<>();
        try (RedisProcess redis = RedisProcess.start(options);
                StreamCounts counts = new StreamCounts(redis)) {
            for (int i = 0; i < nodes; i++) {
                running.add(ServerProcess.startNode(server, redis, options));
            }
            try (Crowd crowd =
                    new Crowd(running.stream().mapToInt(ServerProcess::port).toArray())) {
                crowd.users(index -> "u" + index);
                return measure(crowd, running, redis, counts, options);
            }
        } finally {
            for (ServerProcess process : running) {
                process.close();
            }
        }
    }

    private static Reading measure(
            Crowd crowd, List<ServerProcess> servers, RedisProcess redis, StreamCounts counts, Options options)
            throws IOException {
        Arrivals arrivals = new Arrivals(crowd, AT_ONCE);
        boolean presence = isKnown(servers.get(0));
        warmUp(crowd, arrivals, servers, presence, options);
        StreamCounts.Written alone = oneByOne(crowd, arrivals, counts);
        arrivals.leave();
        awaitKnown(crowd, servers, 0, presence);

        int users = options.idleConnections();
        long heap = heapBytes(servers);
        counts.mark();
        long redisCpu = redis.cpuNanos();
        long cpu = ServerProcess.cpuNanos(servers);
        arrivals.connect(users);
        awaitKnown(crowd, servers, users, presence);
        cpu = ServerProcess.cpuNanos(servers) - cpu;
        redisCpu = redis.cpuNanos() - redisCpu;
        StreamCounts.Written together = counts.written();
        heap = heapBytes(servers) - heap;

        crowd.traffic(new Bereaved());
        NodeDeath.Times times = new NodeDeath(crowd, servers, redis, presence).kill();
        return new Reading.Presence(
                users,
                cpu / 1e3 / users,
                redisCpu / 1e3 / users,
                (double) together.entries() / users,
                (double) together.bytes() / users,
                (double) alone.entries() / ALONE,
                (double) alone.bytes() / ALONE,
                (double) heap / users,
                times.leaseMillis(),
                times.noticedMillis(),
                times.knownMillis(),
                times.takenOverMillis());
    }

    private static void warmUp(
            Crowd crowd, Arrivals arrivals, List<ServerProcess> servers, boolean presence, Options options)
            throws IOException {
        Budget warm = ServerProcess.cpuBudget(servers, servers.size() * options.warmupNanos());
        while (!warm.spent()) {
            arrivals.connect(WARM_UP);
            arrivals.leave();
        }
        awaitKnown(crowd, servers, 0, presence);
    }

    private static StreamCounts.Written oneByOne(Crowd crowd, Arrivals arrivals, StreamCounts counts)
            throws IOException {
        counts.mark();
        long next = System.nanoTime();
        for (int i = 0; i < ALONE; i++) {
            arrivals.connect(1);
            next += ALONE_NANOS;
            crowd.turnUntil(next);
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
        return counts.written();
    }

    private static boolean isKnown(ServerProcess server) throws IOException {
        return !server.ask("presence nobody", "presence ").endsWith("off");
    }

    /** All nodes know that so many are there; and then nothing is left to be done. */
    private static void awaitKnown(Crowd crowd, List<ServerProcess> servers, int users, boolean presence)
            throws IOException {
        long deadline = Scenario.deadline();
        String known = "presence true " + users + " " + ABSENT;
        for (ServerProcess server : servers) {
            while (presence && !server.ask("presence nobody", "presence ").equals(known)) {
                crowd.turn(10);
                if (System.nanoTime() > deadline) {
                    throw new LoadException("not all nodes know in time that " + users + " users are there");
                }
            }
        }
        crowd.turnUntil(System.nanoTime() + QUIET_NANOS);
    }

    private static long heapBytes(List<ServerProcess> servers) throws IOException {
        long sum = 0;
        for (ServerProcess server : servers) {
            sum += server.heapBytes();
        }
        return sum;
    }

    /** Clients whose node is dead lose their connections. */
    private static final class Bereaved implements Traffic {
        @Override
        public void event(Client client, ByteBuffer in, int at, int length, long now) {
            NONE.event(client, in, at, length, now);
        }

        @Override
        public void ack(Client client, ByteBuffer in, int at, int length, long now) {
            NONE.ack(client, in, at, length, now);
        }

        @Override
        public void lost(Client client, LoadException how) {
            // and nobody comes back
        }
    }
}
