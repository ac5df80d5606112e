package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.LoadException;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Measures servers side by side: per round and scenario every server in turn, each in a fresh process, so that whatever
 * else the machine does falls on all of them alike. {@code run.sh} starts it pinned to a core of its own.
 */
public final class Benchmark {
    private Benchmark() {}

    public static void main(String[] args) throws IOException {
        Options options = Options.parse(args);
        Report report = new Report(options);
        boolean complete = true;
        for (int round = 1; round <= options.rounds(); round++) {
            for (String scenario : options.scenarios()) {
                for (String server : options.servers()) {
                    try {
                        Reading reading = Scenario.named(scenario).measure(Server.named(server, options), options);
                        report.add(scenario, server, reading);
                        System.err.printf("round %d  %s  %s  %s%n", round, scenario, server, reading);
                    } catch (LoadException e) {
                        complete = false;
                        System.err.printf("round %d  %s  %s  FAILED: %s%n", round, scenario, server, e.getMessage());
                    }
                }
            }
        }
        String markdown = report.markdown();
        Files.writeString(options.directory().resolve("target/report.md"), markdown);
        System.out.println(markdown);
        if (!complete) {
            System.err.println("Some measurements failed; the table holds the others.");
            System.exit(1);
        }
    }
}
