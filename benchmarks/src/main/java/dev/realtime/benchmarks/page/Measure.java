package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.Locale;

/**
 * One number of a scenario.
 *
 * @param label of its row
 * @param scenario as the results name it
 * @param value as the results name it
 * @param format for {@link String#format}
 * @param factor from the unit of the results to that of the page
 */
record Measure(String label, String scenario, String value, String format, double factor) {
    private static final String ABSENT = "–";

    static Measure of(String label, String scenario, String value, String format) {
        return new Measure(label, scenario, value, format, 1);
    }

    /** Returns the median of the rounds, NaN when nobody measured it. */
    double of(Results results, String server) {
        return factor * results.median(scenario, server, value);
    }

    String text(Results results, String server) {
        double median = of(results, server);
        return Double.isNaN(median) ? ABSENT : String.format(Locale.ROOT, format, median);
    }
}
