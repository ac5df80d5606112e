package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Pulse;
import dev.realtime.benchmarks.load.Storm;
import java.io.IOException;

/**
 * All sessions of one node come back at once on another, on one Redis, while clients that were at the other all along go on.
 *
 * @param killed whether the first node is killed; otherwise only the connections are cut, as by a network or a proxy
 */
record ReconnectStorm(boolean killed) implements Scenario.Single {
    private static final int BYSTANDERS = 100;
    private static final double BYSTANDERS_PER_SECOND = 1_000;
    private static final int AT_ONCE = 1_000;
    private static final int WARM_UP = 500;
    private static final long QUIET_NANOS = 2_000_000_000L;
    private static final long STARTUP_NANOS = 60_000_000_000L;

    @Override
    public String describe(Options options) {
        return "%,d sessions of a node %s come back at once on another (Redis)"
                .formatted(options.arrivals(), killed ? "that is killed" : "that is cut off");
    }

    @Override
    public Reading measure(Server server, Options options) throws IOException {
        try (RedisProcess redis = RedisProcess.start(options);
                ServerProcess first = ServerProcess.startNode(server, redis, options);
                ServerProcess second = ServerProcess.startNode(server, redis, options);
                Crowd others = new Crowd(second.port());
                Crowd crowd = new Crowd(first.port())) {
            others.growTo(BYSTANDERS, System.nanoTime() + STARTUP_NANOS);
            crowd.stayAlert();
            others.stayAlert();
            Pulse bystanders = new Pulse(others, BYSTANDERS_PER_SECOND, options.payloadBytes());
            Storm storm = new Storm(crowd, bystanders, AT_ONCE);
            warmUp(storm, first, second, options);

            storm.gather(options.arrivals(), options.payloadBytes());
            beatFor(QUIET_NANOS, bystanders);
            var unused = bystanders.take();
            beatFor(QUIET_NANOS, bystanders);
            double quiet = bystanders.take().getValueAtPercentile(99) / 1e6;

            long cpu = second.cpuNanos();
            long redisCpu = redis.cpuNanos();
            long commands = redis.commands();
            Storm.Returns returns = storm.comeBack(second.port(), killed ? first::kill : () -> {});
            cpu = second.cpuNanos() - cpu;
            redisCpu = redis.cpuNanos() - redisCpu;
            commands = redis.commands() - commands;
            return new Reading.Storm(
                    returns.clients(),
                    returns.resumed(),
                    returns.retries(),
                    cpu / 1e3 / returns.clients(),
                    redisCpu / 1e3 / returns.clients(),
                    (double) commands / returns.clients(),
                    returns.latency().getValueAtPercentile(50) / 1e6,
                    returns.nanos() / 1e6,
                    quiet,
                    bystanders.take().getValueAtPercentile(99) / 1e6);
        }
    }

    /** Smaller storms without a kill, until the second node has had its CPU time for a JIT compiler, or four times as long has passed. */
    private static void warmUp(Storm storm, ServerProcess first, ServerProcess second, Options options)
            throws IOException {
        long end = second.cpuNanos() + options.warmupNanos();
        long wallEnd = System.nanoTime() + 4 * options.warmupNanos();
        while (second.cpuNanos() < end && System.nanoTime() < wallEnd) {
            storm.gather(WARM_UP, options.payloadBytes());
            var unused = storm.comeBack(second.port(), () -> {});
            storm.disperse(first.port());
        }
    }

    private static void beatFor(long nanos, Pulse bystanders) throws IOException {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            bystanders.beat();
        }
    }
}
