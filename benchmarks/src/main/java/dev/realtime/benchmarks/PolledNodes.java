package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Pollers;
import java.io.IOException;
import java.util.List;

/**
 * Two nodes on one Redis and clients that poll, closed loop.
 *
 * @param elsewhere whether requests reach the node that does not have their connection, and are relayed
 */
record PolledNodes(int clients, boolean elsewhere) implements Scenario.Single {
    @Override
    public String describe(Options options) {
        return "ack echo of %d B over long-polling, two nodes on one Redis, %d clients, requests reach %s"
                .formatted(options.payloadBytes(), clients, elsewhere ? "the other node" : "their node");
    }

    @Override
    public Reading measure(Server server, Options options) throws IOException {
        try (RedisProcess redis = RedisProcess.start(options);
                ServerProcess first = ServerProcess.startNode(server, redis, options);
                ServerProcess second = ServerProcess.startNode(server, redis, options);
                Pollers pollers =
                        new Pollers(clients, first.port(), second.port(), elsewhere, options.payloadBytes())) {
            List<ServerProcess> nodes = List.of(first, second);
            pollers.closedLoop(ServerProcess.cpuBudget(nodes, 2 * options.warmupNanos()));
            return OneNode.read(
                    nodes,
                    redis,
                    1,
                    () -> pollers.closedLoop(ServerProcess.cpuBudget(nodes, 2 * options.measureNanos())));
        }
    }
}
