package dev.realtime.standalone;

import dev.realtime.Stats;
import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The counters and gauges of the engine and the server in the Prometheus text format: {@code a.b} is {@code realtime_a_b_total}, a gauge {@code realtime_a_b}. */
final class Metrics {
    private Metrics() {}

    static HttpReply reply(Stats stats, int httpConnections, Map<String, Long> http) {
        return new HttpReply(
                200,
                Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8", "Cache-Control", "no-store"),
                text(stats, httpConnections, http).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Stats stats, int httpConnections, Map<String, Long> http) {
        StringBuilder text = new StringBuilder();
        line(text, "realtime_connections", "gauge", stats.connections());
        line(text, "realtime_sessions", "gauge", stats.sessions());
        line(text, "realtime_suspended", "gauge", stats.suspended());
        line(text, "realtime_http_connections", "gauge", httpConnections);
        new TreeMap<>(stats.gauges()).forEach((name, value) -> line(text, metric(name), "gauge", value));
        Map<String, Long> counters = new TreeMap<>(stats.counters());
        http.forEach((name, value) -> counters.merge(name, value, Long::sum));
        counters.forEach((name, value) -> line(text, metric(name) + "_total", "counter", value));
        return text.toString();
    }

    private static String metric(String name) {
        return "realtime_" + name.replaceAll("[^a-zA-Z0-9]", "_");
    }

    private static void line(StringBuilder text, String name, String type, long value) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append(name).append(' ').append(value).append('\n');
    }
}
