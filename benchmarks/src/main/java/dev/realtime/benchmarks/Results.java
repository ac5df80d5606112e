package dev.realtime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was measured, round for round: of each server in each scenario, numbers by their names, and under which conditions. Kept in a file of
 * tab-separated lines (scenario, server, name, and the value of every round), so that tables and pictures can be made again without measuring
 * again.
 *
 * <p>Not thread-safe.
 */
public final class Results {
    private static final String CONDITIONS = "conditions";

    private final Map<Key, Map<String, List<Double>>> rounds = new LinkedHashMap<>();
    private final Map<Key, String> conditions = new LinkedHashMap<>();

    private record Key(String scenario, String server) {}

    void add(String scenario, String server, Reading reading) {
        Map<String, List<Double>> values =
                rounds.computeIfAbsent(new Key(scenario, server), key -> new LinkedHashMap<>());
        reading.values()
                .forEach((name, value) ->
                        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }

    /** Says of everything in here how it was measured. */
    void measuredUnder(String text) {
        rounds.keySet().forEach(key -> conditions.put(key, text));
    }

    /** Returns how it was measured, or an empty text where nobody knows. */
    public String conditions(String scenario, String server) {
        return conditions.getOrDefault(new Key(scenario, server), "");
    }

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    /** Returns the scenarios in the order in which they were measured. */
    Set<String> scenarios() {
        Set<String> names = new LinkedHashSet<>();
        rounds.keySet().forEach(key -> names.add(key.scenario));
        return names;
    }

    /** Returns the servers that were measured in a scenario, in that order. */
    public Set<String> servers(String scenario) {
        Set<String> names = new LinkedHashSet<>();
        rounds.keySet().stream().filter(key -> key.scenario.equals(scenario)).forEach(key -> names.add(key.server));
        return names;
    }

    /** Returns the values of all rounds; none when it was not measured. */
    public double[] all(String scenario, String server, String value) {
        return rounds.getOrDefault(new Key(scenario, server), Map.of()).getOrDefault(value, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** Returns the median of the rounds; NaN when it was not measured. */
    public double median(String scenario, String server, String value) {
        double[] sorted = all(scenario, server, value);
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Takes what others have measured: instead of what was known of the same server in the same scenario. */
    void take(Results others) {
        rounds.putAll(others.rounds);
        conditions.putAll(others.conditions);
    }

    /** Takes further rounds of what others have measured. */
    void takeRounds(Results others) {
        others.rounds.forEach((key, values) ->
                values.forEach((name, measured) -> rounds.computeIfAbsent(key, k -> new LinkedHashMap<>())
                        .merge(name, measured, (before, more) -> {
                            List<Double> all = new ArrayList<>(before);
                            all.addAll(more);
                            return all;
                        })));
        conditions.putAll(others.conditions);
    }

    /** Returns how often it was measured. */
    public int rounds(String scenario, String server) {
        return rounds.getOrDefault(new Key(scenario, server), Map.of()).values().stream()
                .mapToInt(List::size)
                .max()
                .orElse(0);
    }

    /** Reads a file; nothing when there is none. */
    public static Results read(Path file) throws IOException {
        Results results = new Results();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.split("\t", -1);
                Key key = new Key(fields[0], fields[1]);
                if (fields[2].equals(CONDITIONS)) {
                    results.conditions.put(key, fields[3]);
                } else {
                    results.rounds
                            .computeIfAbsent(key, k -> new LinkedHashMap<>())
                            .put(
                                    fields[2],
                                    Arrays.stream(fields)
                                            .skip(3)
                                            .map(Double::valueOf)
                                            .toList());
                }
            }
        }
        return results;
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        rounds.forEach((key, values) -> {
            lines.add(String.join("\t", key.scenario, key.server, CONDITIONS, conditions(key.scenario, key.server)));
            values.forEach((name, measured) -> lines.add(String.join("\t", key.scenario, key.server, name) + "\t"
                    + String.join("\t", measured.stream().map(Results::number).toList())));
        });
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf((float) value);
    }
}
