package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Measures servers side by side: per round and scenario every server in turn, each in a fresh process, so that whatever
 * else the machine does falls on all of them alike. {@code run.sh} starts it pinned to a core of its own.
 */
public final class Benchmark {
    private final Options options;
    private final Results results = new Results();
    private double leastLoad = Double.MAX_VALUE;
    private double mostLoad;
    private boolean complete = true;

    private Benchmark(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        Benchmark benchmark = new Benchmark(Options.parse(args));
        benchmark.measure();
        if (!benchmark.complete) {
            System.err.println("Some measurements failed; the tables hold the others.");
            System.exit(1);
        }
    }

    private void measure() throws IOException {
        for (int round = 1; round <= options.rounds(); round++) {
            for (String scenario : options.scenarios()) {
                for (String server : options.servers()) {
                    measure(round, scenario, server);
                }
            }
        }
        results.measuredUnder(conditions());
        Results file = Results.read(options.results());
        if (options.more()) {
            file.takeRounds(results);
        } else {
            file.take(results);
        }
        file.write(options.results());
        String markdown = new Report(results, options).markdown();
        Files.writeString(options.directory().resolve("target/report.md"), markdown);
        System.out.println(markdown);
    }

    private void measure(int round, String scenario, String server) throws IOException {
        double load = Machine.load();
        leastLoad = Math.min(leastLoad, load);
        mostLoad = Math.max(mostLoad, load);
        try {
            Scenario.named(scenario).measure(Server.named(server, options), options, (of, step, reading) -> {
                results.add(scenario + options.table() + (step.isEmpty() ? "" : "/" + step), of, reading);
                System.err.printf("round %d  %s %s  %s  %s%n", round, scenario, step, of, reading);
            });
        } catch (LoadException e) {
            complete = false;
            System.err.printf("round %d  %s  %s  FAILED: %s%n", round, scenario, server, e.getMessage());
        }
    }

    private String conditions() throws IOException {
        return String.format(
                Locale.ROOT,
                "%s. %s, %.0f s after %.0f s of warm-up, load average %.1f to %.1f.",
                Machine.describe(),
                LocalDate.now(ZoneOffset.UTC),
                options.measureSeconds(),
                options.warmupSeconds(),
                leastLoad,
                mostLoad);
    }
}
