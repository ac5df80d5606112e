package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Phase;
import dev.realtime.benchmarks.load.Rooms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One number of a game's shape grows while all others stay: what does a delivery cost then? Broadcasts go to the rooms in turn, {@value
 * #IN_FLIGHT} in flight over all of them. The steps are measured one after the other on a server that is started once; only when nodes are
 * counted each step has processes of its own, and a Redis.
 *
 * @param what grows, for the heading
 */
record Growth(String what, List<Step> steps) implements Scenario {
    private static final int IN_FLIGHT = 8;
    private static final int SMALL_ROOM = 10;
    private static final int CONNECTIONS = 1_000;
    private static final int CONNECTIONS_PER_NODE = 500;

    /** CPU time between a step and the one before on a server that is warm. */
    private static final long SETTLE_NANOS = 1_000_000_000L;

    /**
     * One measurement.
     *
     * @param count of what grows
     * @param nodes on one Redis; none for one server without it
     * @param connections all of them
     * @param namespaces the namespace of each by its index
     * @param rooms indices of the members of each
     */
    record Step(int count, int nodes, int connections, IntFunction<String> namespaces, List<int[]> rooms) {}

    /** One room with so many members on each node. */
    static Growth nodes(int... counts) {
        return of(
                "nodes on one Redis, a room with %,d members on each".formatted(CONNECTIONS_PER_NODE),
                nodes -> new Step(
                        nodes,
                        nodes,
                        nodes * CONNECTIONS_PER_NODE,
                        index -> "/",
                        rooms(1, nodes * CONNECTIONS_PER_NODE, nodes * CONNECTIONS_PER_NODE)),
                counts);
    }

    /** The same rooms in more and more namespaces. */
    static Growth namespaces(int... counts) {
        return of(
                "namespaces, with %,d rooms of %,d members in all".formatted(CONNECTIONS / SMALL_ROOM, SMALL_ROOM),
                namespaces -> new Step(
                        namespaces,
                        0,
                        CONNECTIONS,
                        index -> "/n" + index / SMALL_ROOM % namespaces,
                        rooms(CONNECTIONS / SMALL_ROOM, SMALL_ROOM, CONNECTIONS)),
                counts);
    }

    /** One room, larger and larger. */
    static Growth room(int... counts) {
        return of("members of one room", size -> new Step(size, 0, size, index -> "/", rooms(1, size, size)), counts);
    }

    /** The same players in more and more rooms, up to a hundred each. */
    static Growth rooms(int... counts) {
        return of(
                "rooms of %,d members, %,d connections".formatted(SMALL_ROOM, CONNECTIONS),
                rooms -> new Step(rooms, 0, CONNECTIONS, index -> "/", rooms(rooms, SMALL_ROOM, CONNECTIONS)),
                counts);
    }

    /** A busy room while as many who only look on are spread over more and more other namespaces. */
    static Growth idleNamespaces(int... counts) {
        return of(
                "idle namespaces with %,d connections, beside a room of as many".formatted(CONNECTIONS),
                namespaces -> new Step(
                        namespaces,
                        0,
                        namespaces == 0 ? CONNECTIONS : 2 * CONNECTIONS,
                        index -> index < CONNECTIONS ? "/" : "/n" + index % namespaces,
                        rooms(1, CONNECTIONS, CONNECTIONS)),
                counts);
    }

    private static Growth of(String what, IntFunction<Step> step, int... counts) {
        return new Growth(what, Arrays.stream(counts).mapToObj(step).toList());
    }

    /** Neighbours share a room; where there are more rooms than that takes, they begin again with the first. */
    private static List<int[]> rooms(int count, int members, int connections) {
        return IntStream.range(0, count)
                .mapToObj(room -> {
                    IntUnaryOperator member = place -> (room * members + place) % connections;
                    return IntStream.range(0, members).map(member).toArray();
                })
                .toList();
    }

    @Override
    public String describe(Options options) {
        return "%s; %d B, %d broadcasts in flight".formatted(what, options.payloadBytes(), IN_FLIGHT);
    }

    @Override
    public void measure(Server server, Options options, Sink sink) throws IOException {
        if (steps.get(0).nodes > 0) {
            for (Step step : steps) {
                sink.add(server.name(), String.valueOf(step.count), onCluster(step, server, options));
            }
            return;
        }
        try (ServerProcess process = ServerProcess.start(server, options)) {
            // All of them once before any is measured: what only a later one does would make a JIT compiler begin
            // again.
            for (Step step : steps) {
                var unused = measure(step, List.of(process), null, options.warmupNanos() / steps.size(), 0, options);
            }
            for (Step step : steps) {
                sink.add(
                        server.name(),
                        String.valueOf(step.count),
                        measure(step, List.of(process), null, SETTLE_NANOS, options.measureNanos(), options));
            }
        }
    }

    private static Reading onCluster(Step step, Server server, Options options) throws IOException {
        List<ServerProcess> running = new ArrayList<>();
        try (RedisProcess redis = RedisProcess.start(options)) {
            for (int i = 0; i < step.nodes; i++) {
                running.add(ServerProcess.startNode(server, redis, options));
            }
            return measure(step, running, redis, step.nodes * options.warmupNanos(), options.measureNanos(), options);
        } finally {
            for (ServerProcess process : running) {
                process.close();
            }
        }
    }

    private static Reading measure(
            Step step,
            List<ServerProcess> servers,
            @Nullable RedisProcess redis,
            long warmUpNanos,
            long measureNanos,
            Options options)
            throws IOException {
        int[] ports = servers.stream().mapToInt(ServerProcess::port).toArray();
        try (Crowd crowd = new Crowd(ports)) {
            crowd.namespaces(step.namespaces);
            crowd.growTo(step.connections, Scenario.deadline());
            Rooms rooms = new Rooms(crowd, step.rooms, options.payloadBytes(), Scenario.deadline());
            rooms.closedLoop(IN_FLIGHT, ServerProcess.cpuBudget(servers, warmUpNanos));

            long wall = System.nanoTime();
            long cpu = ServerProcess.cpuNanos(servers);
            long redisCpu = redis == null ? 0 : redis.cpuNanos();
            long generatorCpu = ProcessTimes.ownNanos();
            Phase phase = rooms.closedLoop(IN_FLIGHT, ServerProcess.cpuBudget(servers, measureNanos));
            generatorCpu = ProcessTimes.ownNanos() - generatorCpu;
            redisCpu = redis == null ? 0 : redis.cpuNanos() - redisCpu;
            cpu = ServerProcess.cpuNanos(servers) - cpu;
            wall = System.nanoTime() - wall;
            // Goodbyes: sessions that might come back would be a burden for the next step.
            crowd.leave(Scenario.deadline());
            return new Reading.Deliveries(
                    cpu / 1e3 / phase.units(),
                    redisCpu / 1e3 / rooms.broadcasts(),
                    (double) phase.units() / rooms.broadcasts(),
                    (double) phase.units() / rooms.reads(),
                    phase.units() * 1e9 / phase.nanos(),
                    phase.latency().getValueAtPercentile(50) / 1e6,
                    phase.latency().getValueAtPercentile(99) / 1e6,
                    (double) generatorCpu / wall);
        }
    }
}
