package dev.realtime.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Results as markdown: a table for each scenario with a line for each server, medians of the rounds, each server set against the others. */
final class Report {
    private static final List<Column> LOAD = List.of(
            Column.cost("µs CPU per unit", "microsPerUnit", "%.2f"),
            Column.of("units/s", "unitsPerSecond", "%,.0f"),
            Column.of("p50 ms", "p50Millis", "%.2f"),
            Column.of("p99 ms", "p99Millis", "%.2f"),
            Column.of("server busy", "serverBusy", "%.2f"),
            Column.of("generator busy", "generatorBusy", "%.2f"),
            Column.of("offsets", "offsets", "%.0f"));

    private static final List<Column> CROSS = List.of(
            Column.cost("µs CPU of all nodes per cross-node delivery", "microsPerDelivery", "%.1f"),
            Column.of("emitting node, µs per message", "emitterMicros", "%.1f"),
            Column.of("receiving node, µs per message", "receiverMicros", "%.1f"),
            Column.of("Redis, µs per message", "redisMicrosPerMessage", "%.1f"),
            Column.of("messages/s", "messagesPerSecond", "%,.0f"),
            Column.of("p50 ms", "p50Millis", "%.2f"),
            Column.everyRound("p99 ms", "p99Millis", "%.2f"),
            Column.of("cores: nodes", "nodesBusy", "%.2f"),
            Column.of("Redis", "redisBusy", "%.2f"),
            Column.of("generator", "generatorBusy", "%.2f"),
            Column.of("offsets", "offsets", "%.0f"));

    private static final List<Column> STORM = List.of(
            Column.cost("µs CPU per session", "microsPerReturn", "%.0f"),
            Column.of("of", "sessions", "%,.0f"),
            Column.everyRound("resumed", "resumed", "%,.0f"),
            Column.of("Redis, µs", "redisMicrosPerReturn", "%.0f"),
            Column.of("Redis commands", "commandsPerReturn", "%.1f"),
            Column.of("half back, ms", "p50Millis", "%.0f"),
            Column.everyRound("all back, ms", "lastMillis", "%.0f"),
            Column.of("tried again", "retries", "%.0f"),
            Column.of("others' p99 ms before", "quietP99Millis", "%.2f"),
            Column.of("meanwhile", "stormP99Millis", "%.2f"));

    private static final List<Column> PRESENCE = List.of(
            Column.cost("µs CPU of all nodes per connect", "microsPerConnect", "%.0f"),
            Column.of("of", "users", "%,.0f"),
            Column.of("Redis, µs", "redisMicrosPerConnect", "%.0f"),
            Column.of("entries", "entriesPerConnect", "%.3f"),
            Column.of("bytes", "bytesPerConnect", "%.0f"),
            Column.of("entries, alone", "entriesAlone", "%.2f"),
            Column.of("bytes, alone", "bytesAlone", "%.0f"),
            Column.of("heap of all nodes", "heapBytes", "%,.0f"),
            Column.everyRound("lease left, ms", "leaseMillis", "%,.0f"),
            Column.everyRound("noticed behind it, ms", "noticedMillis", "%,.0f"),
            Column.everyRound("known, ms", "knownMillis", "%,.0f"),
            Column.everyRound("taken over, ms", "takenOverMillis", "%,.0f"));

    private static final List<Column> BACKED = List.of(
            Column.cost("µs CPU per unit", "microsPerUnit", "%.2f"),
            Column.of("Redis, µs", "redisMicrosPerUnit", "%.2f"),
            Column.of("units/s", "unitsPerSecond", "%,.0f"),
            Column.of("p50 ms", "p50Millis", "%.2f"),
            Column.of("p99 ms", "p99Millis", "%.2f"),
            Column.of("node busy", "nodeBusy", "%.2f"),
            Column.of("Redis busy", "redisBusy", "%.2f"),
            Column.of("generator busy", "generatorBusy", "%.2f"));

    private static final List<Column> TIMERS = List.of(
            Column.cost("µs CPU per event stored", "microsPerStored", "%.1f"),
            Column.of("Redis, µs", "redisMicrosPerStored", "%.1f"),
            Column.everyRound("stored/s", "storedPerSecond", "%,.0f"),
            Column.of("fired, µs", "microsPerFired", "%.1f"),
            Column.of("Redis, µs", "redisMicrosPerFired", "%.1f"),
            Column.everyRound("fired/s", "firedPerSecond", "%,.0f"),
            Column.of("late, p50 ms", "p50Millis", "%.2f"),
            Column.of("p99 ms", "p99Millis", "%.2f"));

    private static final List<Column> IDLE = List.of(
            Column.cost("heap per connection, bytes", "heapBytes", "%,.0f"),
            Column.of("RSS per connection, bytes", "residentBytes", "%,.0f"));

    private static final List<Column> GROWTH = List.of(
            Column.cost("µs CPU per delivery", "microsPerDelivery", "%.2f"),
            Column.of("deliveries of a broadcast", "deliveriesPerBroadcast", "%,.0f"),
            Column.of("deliveries of a read", "deliveriesPerRead", "%.2f"),
            Column.of("deliveries/s", "deliveriesPerSecond", "%,.0f"),
            Column.of("p50 ms", "p50Millis", "%.2f"),
            Column.of("p99 ms", "p99Millis", "%.2f"),
            Column.of("Redis, µs per broadcast", "redisMicrosPerBroadcast", "%.1f"),
            Column.of("generator busy", "generatorBusy", "%.2f"));

    private final Results results;
    private final Options options;

    Report(Results results, Options options) {
        this.results = results;
        this.options = options;
    }

    /**
     * A column.
     *
     * @param rounds whether the value of every round stands behind the median
     * @param cost whether the others' medians are set against it
     */
    private record Column(String heading, String value, String format, boolean rounds, boolean cost) {
        static Column of(String heading, String value, String format) {
            return new Column(heading, value, format, false, false);
        }

        static Column everyRound(String heading, String value, String format) {
            return new Column(heading, value, format, true, false);
        }

        static Column cost(String heading, String value, String format) {
            return new Column(heading, value, format, true, true);
        }
    }

    String markdown() {
        if (results.isEmpty()) {
            return "No measurement succeeded.\n";
        }
        String first = results.scenarios().iterator().next();
        StringBuilder text = new StringBuilder(
                results.conditions(first, results.servers(first).iterator().next()));
        text.append(
                "\nMedians; the values of all rounds in parentheses. \"2.0× of\" a server: it takes twice as much as the one of the line.\n");
        steps().forEach((name, scenarios) -> {
            Scenario shape = Scenario.named(name);
            text.append("\n**")
                    .append(name)
                    .append("**: ")
                    .append(shape.describe(options))
                    .append("\n\n");
            table(text, scenarios, columns(shape));
        });
        return text.toString();
    }

    /** Scenarios as they are named, each with what was measured of it: itself or its steps. */
    private Map<String, List<String>> steps() {
        return results.scenarios().stream()
                .collect(Collectors.groupingBy(
                        scenario -> scenario.replaceFirst("[@/].*", ""), LinkedHashMap::new, Collectors.toList()));
    }

    private static List<Column> columns(Scenario shape) {
        if (shape instanceof Growth) {
            return GROWTH;
        } else if (shape instanceof Scenario.IdleConnections) {
            return IDLE;
        } else if (shape instanceof CrossNode) {
            return CROSS;
        } else if (shape instanceof ReconnectStorm) {
            return STORM;
        } else if (shape instanceof ClusterPresence) {
            return PRESENCE;
        } else if (shape instanceof OneNode.Timers) {
            return TIMERS;
        } else if (shape instanceof OneNode) {
            return BACKED;
        } else {
            return LOAD;
        }
    }

    private void table(StringBuilder text, List<String> scenarios, List<Column> columns) {
        List<String> servers = List.copyOf(results.servers(scenarios.get(0)));
        List<String> headings = new ArrayList<>(List.of("server"));
        for (Column column : columns) {
            headings.add(column.heading);
            if (column.cost && servers.size() > 1) {
                servers.forEach(other -> headings.add("of " + other));
            }
        }
        line(text, headings);
        line(text, headings.stream().map(heading -> "---").toList());
        for (String scenario : scenarios) {
            results.servers(scenario).forEach(server -> line(text, cells(scenario, server, servers, columns)));
        }
    }

    private List<String> cells(String scenario, String server, List<String> servers, List<Column> columns) {
        int step = scenario.indexOf('/');
        List<String> cells = new ArrayList<>(List.of(step < 0 ? server : server + ", " + scenario.substring(step + 1)));
        for (Column column : columns) {
            double median = results.median(scenario, server, column.value);
            String cell = format(column.format, median);
            cells.add(column.rounds ? "**" + cell + "** (" + rounds(scenario, server, column) + ")" : cell);
            if (column.cost && servers.size() > 1) {
                servers.forEach(other -> cells.add(
                        other.equals(server)
                                ? ""
                                : format("%.2f×", results.median(scenario, other, column.value) / median)));
            }
        }
        return cells;
    }

    private String rounds(String scenario, String server, Column column) {
        return Arrays.stream(results.all(scenario, server, column.value))
                .mapToObj(value -> format(column.format, value))
                .collect(Collectors.joining("; "));
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
