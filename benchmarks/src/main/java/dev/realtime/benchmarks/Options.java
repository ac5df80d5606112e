package dev.realtime.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run measures and for how long; {@code benchmarks/README.md} lists the switches.
 *
 * @param directory the benchmarks module, where the Node.js peer lives and logs go
 * @param servers names of the servers, measured in turn within each round
 * @param scenarios names of the scenarios
 * @param rounds how often each server meets each scenario; the report takes medians
 * @param warmupSeconds CPU time of the server before the measured phase
 * @param measureSeconds CPU time of the server that is measured; wall-clock time under the open loop
 * @param results where what was measured is kept; what the file knows of others stays
 * @param table empty, or @ and for which table it is measured, where a scenario is measured for several: the results call it SCENARIO@TABLE
 * @param more whether these are further rounds of what the file has; otherwise they replace it
 * @param connections members of the room in the fan-out scenarios
 * @param payloadBytes length of the string that is broadcast or echoed
 * @param ratePerSecond broadcasts per second of the open loop
 * @param idleConnections connections of the idle scenario
 * @param arrivals how many connect to a server that has just started, and how many come back in a storm
 * @param serverCpu the core that the server is pinned to
 * @param nodeCpus the cores that the nodes of a cluster share, as {@code taskset -c} takes them
 * @param redisServer a {@code redis-server} to use; null takes the one that comes with the build
 * @param redisCpus the cores that Redis may use
 * @param crossRate messages per second, over all nodes
 * @param crossSenders senders on each node of a cluster
 * @param java25 home of the JDK for {@code realtime-25}
 * @param serverJvm extra arguments for the servers in Java, such as a profiler's agent
 */
public record Options(
        Path directory,
        List<String> servers,
        List<String> scenarios,
        int rounds,
        double warmupSeconds,
        double measureSeconds,
        Path results,
        String table,
        boolean more,
        int connections,
        int payloadBytes,
        double ratePerSecond,
        int idleConnections,
        int arrivals,
        int serverCpu,
        String nodeCpus,
        @Nullable Path redisServer,
        String redisCpus,
        double crossRate,
        int crossSenders,
        Path java25,
        List<String> serverJvm) {

    private static final Set<String> SWITCHES = Set.of(
            "directory",
            "servers",
            "scenarios",
            "rounds",
            "warmup",
            "measure",
            "results",
            "table",
            "connections",
            "payload",
            "rate",
            "idle-connections",
            "arrivals",
            "server-cpu",
            "node-cpus",
            "redis-server",
            "redis-cpus",
            "cross-rate",
            "cross-senders",
            "java-25",
            "server-jvm");

    static Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        boolean quick = false;
        boolean more = false;
        for (int i = 0; i < args.length; i++) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (name.equals("quick")) {
                quick = true;
            } else if (name.equals("more")) {
                more = true;
            } else if (SWITCHES.contains(name) && i + 1 < args.length) {
                given.put(name, args[++i]);
            } else {
                throw new IllegalArgumentException(
                        "unknown switch or missing value: " + args[i] + "; known are --quick, --more and " + SWITCHES);
            }
        }
        Path directory = Path.of(given.getOrDefault("directory", "benchmarks"));
        return new Options(
                directory,
                list(given.getOrDefault("servers", String.join(",", Server.NAMES))),
                list(given.getOrDefault("scenarios", String.join(",", Scenario.NAMES))),
                Integer.parseInt(given.getOrDefault("rounds", quick ? "1" : "3")),
                Double.parseDouble(given.getOrDefault("warmup", quick ? "4" : "10")),
                Double.parseDouble(given.getOrDefault("measure", quick ? "4" : "10")),
                given.containsKey("results") ? Path.of(given.get("results")) : directory.resolve("target/results.tsv"),
                given.containsKey("table") ? "@" + given.get("table") : "",
                more,
                Integer.parseInt(given.getOrDefault("connections", "1000")),
                Integer.parseInt(given.getOrDefault("payload", "64")),
                Double.parseDouble(given.getOrDefault("rate", "40")),
                Integer.parseInt(given.getOrDefault("idle-connections", quick ? "3000" : "10000")),
                Integer.parseInt(given.getOrDefault("arrivals", quick ? "1000" : "5000")),
                Integer.parseInt(given.getOrDefault("server-cpu", "0")),
                given.getOrDefault("node-cpus", "0,1"),
                given.containsKey("redis-server") ? Path.of(given.get("redis-server")) : null,
                given.getOrDefault("redis-cpus", "0,1"),
                Double.parseDouble(given.getOrDefault("cross-rate", "10000")),
                Integer.parseInt(given.getOrDefault("cross-senders", "25")),
                Path.of(given.getOrDefault("java-25", "/usr/lib/jvm/temurin-25-jdk-amd64")),
                given.containsKey("server-jvm")
                        ? List.of(given.get("server-jvm").split(" "))
                        : List.of());
    }

    long warmupNanos() {
        return (long) (warmupSeconds * 1e9);
    }

    long measureNanos() {
        return (long) (measureSeconds * 1e9);
    }

    private static List<String> list(String commaSeparated) {
        return List.of(commaSeparated.split(","));
    }
}
