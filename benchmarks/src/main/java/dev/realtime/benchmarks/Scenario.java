package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Arrivals;
import dev.realtime.benchmarks.load.Budget;
import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Echo;
import dev.realtime.benchmarks.load.Fanout;
import dev.realtime.benchmarks.load.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A load shape, the same for every server. */
sealed interface Scenario permits Scenario.Single, Growth, Switched {
    List<String> NAMES = List.of(
            "fanout-1x1",
            "fanout-1x8",
            "fanout-8x1",
            "fanout-rate",
            "echo",
            "connect-cold",
            "connect",
            "connect-alone",
            "echo-alone",
            "fanout-alone",
            "idle");

    /** Several nodes on one Redis; only when named, as netty-socketio has no counterpart. */
    List<String> CLUSTER_NAMES = List.of(
            "cross-2", "cross-2-half", "cross-4", "storm", "storm-killed", "presence", "polls", "polls-relayed");

    static Scenario named(String name) {
        return switch (name) {
            case "fanout-1x1" -> new ClosedFanout(1, 1);
            case "fanout-1x8" -> new ClosedFanout(1, 8);
            case "fanout-8x1" -> new ClosedFanout(8, 1);
            case "fanout-rate" -> new OpenFanout(8, 1);
            case "echo" -> new Acks(100, 8, false);
            case "connect-cold" -> new ColdArrivals();
            case "connect" -> new WarmArrivals(16, 1_000);
            case "connect-alone" -> new WarmArrivals(1, 100);
            case "echo-alone" -> new Acks(1, 1, false);
            case "fanout-alone" -> new SmallRoom(10);
            case "idle" -> new IdleConnections(1000);
            case "fanout-1x8-switched" -> Switched.metrics(new ClosedFanout(1, 8));
            case "fanout-1x1-switched" -> Switched.metrics(new ClosedFanout(1, 1));
            case "echo-switched" -> Switched.metrics(new Acks(100, 8, false));
            case "cross-2" -> new CrossNode(2, 1);
            case "cross-2-half" -> new CrossNode(2, 0.5);
            case "cross-4" -> new CrossNode(4, 1);
            case "storm" -> new ReconnectStorm(false);
            case "storm-killed" -> new ReconnectStorm(true);
            case "presence" -> new ClusterPresence(3);
            case "polls" -> new PolledNodes(32, false);
            case "polls-relayed" -> new PolledNodes(32, true);
            case "once" -> new Acks(100, 8, true);
            case "once-redis" -> new OneNode.Requests(100, 8);
            case "timers" -> new OneNode.Timers(100, 8, 10_000);
            case "mail" -> new OneNode.Mail(100, 4);
            case "state" -> new OneNode.Watched(100, 8);
            case "fanout-gathered" -> new OpenFanout(8, 64);
            case "growth-nodes" -> Growth.nodes(1, 2, 4);
            case "growth-namespaces" -> Growth.namespaces(1, 10, 100);
            case "growth-room" -> Growth.room(10, 100, 1_000, 10_000);
            case "growth-rooms" -> Growth.rooms(1, 10, 100, 1_000, 10_000);
            case "growth-idle" -> Growth.idleNamespaces(0, 1, 10, 100, 1_000);
            default ->
                throw new IllegalArgumentException("no scenario is called " + name + "; there are " + NAMES + ", "
                        + CLUSTER_NAMES + ", " + FEATURE_NAMES + " and " + GROWTH_NAMES);
        };
    }

    /** What a server has beside its defaults; only when named. */
    List<String> FEATURE_NAMES = List.of(
            "once",
            "once-redis",
            "timers",
            "state",
            "mail",
            "fanout-gathered",
            "fanout-1x8-switched",
            "fanout-1x1-switched",
            "echo-switched");

    /** What grows: several measurements each, this library's server once started; only when named. */
    List<String> GROWTH_NAMES =
            List.of("growth-nodes", "growth-namespaces", "growth-room", "growth-rooms", "growth-idle");

    /** For the heading of its table. */
    String describe(Options options);

    /** Starts what it needs, measures, and leaves nothing behind. */
    void measure(Server server, Options options, Sink sink) throws IOException;

    /** Takes what was measured. */
    interface Sink {
        /**
         * @param server what it was measured of
         * @param step which of several measurements of the scenario it is; empty when there is but one
         */
        void add(String server, String step, Reading reading);
    }

    /** One measurement. */
    sealed interface Single extends Scenario
            permits OneServer, OneNode, CrossNode, PolledNodes, ReconnectStorm, ClusterPresence {
        @Override
        default void measure(Server server, Options options, Sink sink) throws IOException {
            sink.add(server.name(), "", measure(server, options));
        }

        Reading measure(Server server, Options options) throws IOException;
    }

    /** What one server on a core of its own is enough for. */
    sealed interface OneServer extends Single {
        @Override
        default Reading measure(Server server, Options options) throws IOException {
            try (ServerProcess process = ServerProcess.start(server, options)) {
                return measure(process, options);
            }
        }

        Reading measure(ServerProcess server, Options options) throws IOException;
    }

    /** Load that goes on until its budget is spent. */
    interface Loop {
        Phase run(Budget budget) throws IOException;
    }

    /** A load that can go on for as long as one wishes. */
    sealed interface Looped extends OneServer {
        int connections(Options options);

        Loop loop(Crowd crowd, Options options) throws IOException;

        @Override
        default Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = crowd(server, connections(options))) {
                Loop loop = loop(crowd, options);
                loop.run(server.cpuBudget(options.warmupNanos()));
                return read(server, () -> loop.run(server.cpuBudget(options.measureNanos())));
            }
        }
    }

    /** Each of {@code senders} keeps {@code inFlight} broadcasts under way. */
    record ClosedFanout(int senders, int inFlight) implements Looped {
        @Override
        public String describe(Options options) {
            return "fan-out of %d B to %,d connections, closed loop, %d sender%s × %d in flight"
                    .formatted(
                            options.payloadBytes(), options.connections(), senders, senders == 1 ? "" : "s", inFlight);
        }

        @Override
        public int connections(Options options) {
            return options.connections();
        }

        @Override
        public Loop loop(Crowd crowd, Options options) throws IOException {
            Fanout fanout = new Fanout(crowd, senders, options.payloadBytes());
            return budget -> fanout.closedLoop(inFlight, budget);
        }
    }

    /**
     * Broadcasts leave at the option's rate, the senders taking turns.
     *
     * @param warmUpInFlight of each sender during the warm-up: where they wait for each other, one would leave the server idle
     */
    record OpenFanout(int senders, int warmUpInFlight) implements OneServer {
        @Override
        public String describe(Options options) {
            return "fan-out of %d B to %,d connections, open loop, %.0f broadcasts/s"
                    .formatted(options.payloadBytes(), options.connections(), options.ratePerSecond());
        }

        @Override
        public Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = crowd(server, options.connections())) {
                Fanout fanout = new Fanout(crowd, senders, options.payloadBytes());
                // At the fixed rate alone a JIT compiler would still be busy when the measured phase begins.
                fanout.closedLoop(warmUpInFlight, server.cpuBudget(options.warmupNanos()));
                fanout.openLoop(options.ratePerSecond(), 1_000_000_000L);
                return read(server, () -> fanout.openLoop(options.ratePerSecond(), options.measureNanos()));
            }
        }
    }

    /**
     * Each connection keeps {@code inFlight} requests under way.
     *
     * @param numbered whether each has a payload of its own
     */
    record Acks(int connections, int inFlight, boolean numbered) implements Looped {
        @Override
        public String describe(Options options) {
            return "ack echo of %d B%s, %d connections × %d in flight"
                    .formatted(options.payloadBytes(), numbered ? ", no two alike" : "", connections, inFlight);
        }

        @Override
        public int connections(Options options) {
            return connections;
        }

        @Override
        public Loop loop(Crowd crowd, Options options) throws IOException {
            if (connections == 1) {
                crowd.stayAlert();
            }
            Echo echo = new Echo(crowd, inFlight, options.payloadBytes(), numbered);
            return echo::closedLoop;
        }
    }

    /** One broadcast at a time to a few, on a server that does nothing else. */
    record SmallRoom(int members) implements OneServer {
        @Override
        public String describe(Options options) {
            return "fan-out of %d B to %d connections, one in flight".formatted(options.payloadBytes(), members);
        }

        @Override
        public Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = crowd(server, members)) {
                crowd.stayAlert();
                Fanout fanout = new Fanout(crowd, 1, options.payloadBytes());
                fanout.closedLoop(1, server.cpuBudget(options.warmupNanos()));
                return read(server, () -> fanout.closedLoop(1, server.cpuBudget(options.measureNanos())));
            }
        }
    }

    /** Everybody comes when a process has just started. */
    record ColdArrivals() implements OneServer {
        private static final int AT_ONCE = 64;

        @Override
        public String describe(Options options) {
            return "%,d connects to a server that has just started, %d at a time"
                    .formatted(options.arrivals(), AT_ONCE);
        }

        @Override
        public Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = new Crowd(server.port())) {
                Arrivals arrivals = new Arrivals(crowd, AT_ONCE);
                return read(server, () -> arrivals.connect(options.arrivals()));
            }
        }
    }

    /** {@code group} clients connect, {@code atOnce} at a time, and leave, again and again; only the connecting is measured. */
    record WarmArrivals(int atOnce, int group) implements OneServer {
        @Override
        public String describe(Options options) {
            return "connects to a warm server, %s".formatted(atOnce == 1 ? "one alone" : atOnce + " at a time");
        }

        @Override
        public Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = new Crowd(server.port())) {
                if (atOnce == 1) {
                    crowd.stayAlert();
                }
                Arrivals arrivals = new Arrivals(crowd, atOnce);
                Budget warm = server.cpuBudget(options.warmupNanos());
                while (!warm.spent()) {
                    arrivals.connect(group);
                    arrivals.leave();
                }
                List<Reading.Load> groups = new ArrayList<>();
                Histogram latency = new Histogram(3);
                Budget budget = server.cpuBudget(options.measureNanos());
                while (!budget.spent()) {
                    groups.add(read(server, () -> {
                        Phase phase = arrivals.connect(group);
                        latency.add(phase.latency());
                        return phase;
                    }));
                    arrivals.leave();
                }
                return Reading.Load.of(groups, latency);
            }
        }
    }

    /** Marginal cost: what the connections after the first {@code base} add, so that classes and pools do not count. */
    record IdleConnections(int base) implements OneServer {
        private static final long SETTLE_NANOS = 3_000_000_000L;

        @Override
        public String describe(Options options) {
            return "idle, %,d connections".formatted(options.idleConnections());
        }

        @Override
        public Reading measure(ServerProcess server, Options options) throws IOException {
            try (Crowd crowd = crowd(server, base)) {
                crowd.turnUntil(System.nanoTime() + SETTLE_NANOS);
                long heap = server.heapBytes();
                long resident = server.residentBytes();
                crowd.growTo(options.idleConnections(), deadline());
                crowd.turnUntil(System.nanoTime() + SETTLE_NANOS);
                double added = options.idleConnections() - base;
                return new Reading.Idle(
                        (server.heapBytes() - heap) / added, (server.residentBytes() - resident) / added);
            }
        }
    }

    /** A phase of load. */
    interface Work {
        Phase run() throws IOException;
    }

    static Reading.Load read(ServerProcess server, Work work) throws IOException {
        long wall = System.nanoTime();
        long serverCpu = server.cpuNanos();
        long generatorCpu = ProcessTimes.ownNanos();
        Phase phase = work.run();
        generatorCpu = ProcessTimes.ownNanos() - generatorCpu;
        serverCpu = server.cpuNanos() - serverCpu;
        wall = System.nanoTime() - wall;
        return new Reading.Load(
                serverCpu / 1e3 / phase.units(),
                phase.units() * 1e9 / phase.nanos(),
                phase.latency().getValueAtPercentile(50) / 1e6,
                phase.latency().getValueAtPercentile(99) / 1e6,
                (double) serverCpu / wall,
                (double) generatorCpu / wall,
                phase.offsets());
    }

    static Crowd crowd(ServerProcess server, int connections) throws IOException {
        Crowd crowd = new Crowd(server.port());
        crowd.growTo(connections, deadline());
        return crowd;
    }

    static long deadline() {
        return System.nanoTime() + 120_000_000_000L;
    }
}
