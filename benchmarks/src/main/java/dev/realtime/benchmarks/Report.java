package dev.realtime.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Collects readings and prints medians as markdown, each server set against the others. */
final class Report {
    private final Options options;
    private final Map<String, Map<String, List<Reading>>> readings = new LinkedHashMap<>();

    private double leastLoad = Double.MAX_VALUE;
    private double mostLoad;

    Report(Options options) {
        this.options = options;
    }

    void add(String scenario, String server, Reading reading) throws IOException {
        double load = Machine.load();
        leastLoad = Math.min(leastLoad, load);
        mostLoad = Math.max(mostLoad, load);
        readings.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
                .computeIfAbsent(server, s -> new ArrayList<>())
                .add(reading);
    }

    String markdown() throws IOException {
        if (readings.isEmpty()) {
            return "No measurement succeeded.\n";
        }
        StringBuilder text = new StringBuilder();
        row(
                text,
                "%s. %d round%s of %.0f s after %.0f s of warm-up, load average %.1f to %.1f.%n",
                Machine.describe(),
                options.rounds(),
                options.rounds() == 1 ? "" : "s",
                options.measureSeconds(),
                options.warmupSeconds(),
                leastLoad,
                mostLoad);
        readings.forEach((scenario, byServer) -> {
            Scenario shape = Scenario.named(scenario);
            text.append("\n**").append(shape.describe(options)).append("**\n\n");
            if (shape instanceof Scenario.IdleConnections) {
                text.append(idleTable(byServer));
            } else if (shape instanceof CrossNode) {
                text.append(crossTable(byServer));
            } else if (shape instanceof ReconnectStorm) {
                text.append(stormTable(byServer));
            } else {
                text.append(loadTable(byServer, shape instanceof Scenario.Acks));
            }
        });
        return text.toString();
    }

    private static String loadTable(Map<String, List<Reading>> byServer, boolean acks) {
        StringBuilder text = new StringBuilder();
        Map<String, Double> costs = new LinkedHashMap<>();
        byServer.forEach((server, rounds) -> costs.put(server, median(rounds, Reading.Load::microsPerUnit)));
        text.append("| server | µs CPU per unit (all rounds) |");
        costs.keySet().forEach(other -> text.append(" against ").append(other).append(" |"));
        text.append(" units/s | p50 ms | p99 ms | server busy | generator busy |")
                .append(acks ? "\n" : " offsets |\n");
        text.append("|---|---|")
                .append("---|".repeat(costs.size()))
                .append("---|---|---|---|---|")
                .append(acks ? "\n" : "---|\n");
        byServer.forEach((server, rounds) -> {
            double cost = median(rounds, Reading.Load::microsPerUnit);
            row(text, "| %s | **%.2f** (%s) |", server, cost, all(rounds));
            costs.forEach((other, theirs) -> row(text, " %s |", other.equals(server) ? "" : ratio(theirs / cost)));
            row(
                    text,
                    " %,.0f | %.2f | %.2f | %.0f %% | %.0f %% |%s%n",
                    median(rounds, Reading.Load::unitsPerSecond),
                    median(rounds, Reading.Load::p50Millis),
                    median(rounds, Reading.Load::p99Millis),
                    100 * median(rounds, Reading.Load::serverBusy),
                    100 * median(rounds, Reading.Load::generatorBusy),
                    acks ? "" : ((Reading.Load) rounds.get(0)).offsets() ? " yes |" : " no |");
        });
        return text.toString();
    }

    private static String crossTable(Map<String, List<Reading>> byServer) {
        StringBuilder text = new StringBuilder();
        Map<String, Double> costs = new LinkedHashMap<>();
        byServer.forEach((server, rounds) -> costs.put(server, medianCross(rounds, Reading.Cross::microsPerDelivery)));
        text.append("| server | µs CPU of all nodes per cross-node delivery (all rounds) |");
        costs.keySet().forEach(other -> text.append(" against ").append(other).append(" |"));
        text.append(" emitting node, µs per message | receiving node, µs per message | Redis, µs per message |")
                .append(" messages/s | p50 ms | p99 ms (all rounds) | cores: nodes | Redis | generator | offsets |\n")
                .append("|---|---|")
                .append("---|".repeat(costs.size()))
                .append("---|---|---|---|---|---|---|---|---|---|\n");
        byServer.forEach((server, rounds) -> {
            double cost = medianCross(rounds, Reading.Cross::microsPerDelivery);
            row(text, "| %s | **%.1f** (%s) |", server, cost, allCross(rounds, Reading.Cross::microsPerDelivery));
            costs.forEach((other, theirs) -> row(text, " %s |", other.equals(server) ? "" : ratio(theirs / cost)));
            row(
                    text,
                    " %.1f | %.1f | %.1f | %,.0f | %.2f | **%.2f** (%s) | %.2f | %.2f | %.2f | %s |%n",
                    medianCross(rounds, Reading.Cross::emitterMicros),
                    medianCross(rounds, Reading.Cross::receiverMicros),
                    medianCross(rounds, Reading.Cross::redisMicrosPerMessage),
                    medianCross(rounds, Reading.Cross::messagesPerSecond),
                    medianCross(rounds, Reading.Cross::p50Millis),
                    medianCross(rounds, Reading.Cross::p99Millis),
                    allCross(rounds, Reading.Cross::p99Millis),
                    medianCross(rounds, Reading.Cross::nodesBusy),
                    medianCross(rounds, Reading.Cross::redisBusy),
                    medianCross(rounds, Reading.Cross::generatorBusy),
                    ((Reading.Cross) rounds.get(0)).offsets() ? "yes" : "no");
        });
        return text.toString();
    }

    private static String stormTable(Map<String, List<Reading>> byServer) {
        StringBuilder text =
                new StringBuilder("| server | resumed (all rounds) | µs CPU per session | Redis, µs | Redis commands |"
                        + " half back, ms | all back, ms | tried again | others' p99 ms before | meanwhile |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|\n");
        byServer.forEach((server, rounds) -> row(
                text,
                "| %s | %s | **%.0f** | %.0f | %.1f | %.0f | **%.0f** | %.0f | %.2f | %.2f |%n",
                server,
                String.join(
                        ", ",
                        rounds.stream()
                                .map(reading -> (Reading.Storm) reading)
                                .map(storm -> storm.resumed() + " of " + storm.sessions())
                                .toList()),
                medianStorm(rounds, Reading.Storm::microsPerReturn),
                medianStorm(rounds, Reading.Storm::redisMicrosPerReturn),
                medianStorm(rounds, Reading.Storm::commandsPerReturn),
                medianStorm(rounds, Reading.Storm::p50Millis),
                medianStorm(rounds, Reading.Storm::lastMillis),
                medianStorm(rounds, Reading.Storm::retries),
                medianStorm(rounds, Reading.Storm::quietP99Millis),
                medianStorm(rounds, Reading.Storm::stormP99Millis)));
        return text.toString();
    }

    private static double medianStorm(List<Reading> rounds, ToDoubleFunction<Reading.Storm> value) {
        return middle(rounds.stream()
                .mapToDouble(reading -> value.applyAsDouble((Reading.Storm) reading))
                .sorted()
                .toArray());
    }

    private static String allCross(List<Reading> rounds, ToDoubleFunction<Reading.Cross> value) {
        return String.join(
                ", ",
                rounds.stream()
                        .map(reading ->
                                String.format(Locale.ROOT, "%.1f", value.applyAsDouble((Reading.Cross) reading)))
                        .toList());
    }

    private static double medianCross(List<Reading> rounds, ToDoubleFunction<Reading.Cross> value) {
        return middle(rounds.stream()
                .mapToDouble(reading -> value.applyAsDouble((Reading.Cross) reading))
                .sorted()
                .toArray());
    }

    private static String idleTable(Map<String, List<Reading>> byServer) {
        StringBuilder text =
                new StringBuilder("| server | heap per connection, KB | RSS per connection, KB |\n|---|---|---|\n");
        byServer.forEach((server, rounds) -> row(
                text,
                "| %s | **%.1f** | %.1f |%n",
                server,
                medianIdle(rounds, Reading.Idle::heapBytes) / 1024,
                medianIdle(rounds, Reading.Idle::residentBytes) / 1024));
        return text.toString();
    }

    /** A ratio above one says that this server is that many times cheaper. */
    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f×", value);
    }

    private static String all(List<Reading> rounds) {
        return String.join(
                ", ",
                rounds.stream()
                        .map(reading -> String.format(Locale.ROOT, "%.2f", ((Reading.Load) reading).microsPerUnit()))
                        .toList());
    }

    private static double median(List<Reading> rounds, ToDoubleFunction<Reading.Load> value) {
        return middle(rounds.stream()
                .mapToDouble(reading -> value.applyAsDouble((Reading.Load) reading))
                .sorted()
                .toArray());
    }

    private static double medianIdle(List<Reading> rounds, ToDoubleFunction<Reading.Idle> value) {
        return middle(rounds.stream()
                .mapToDouble(reading -> value.applyAsDouble((Reading.Idle) reading))
                .sorted()
                .toArray());
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static void row(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
