package dev.realtime.metrics;

import dev.realtime.Realtime;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.annotation.ElementType;
import java.lang.annotation.Target;
import java.util.Map;

/** What docs/metrics.md shows. */
final class MetricsExamples {
    private MetricsExamples() {}

    /** What counts beside an engine. */
    interface RedisIntake {
        Map<String, Long> counters();
    }

    /** As Spring's. */
    @Target(ElementType.METHOD)
    @interface Bean {}

    static StandaloneServer standalone(Realtime realtime, int port, int managementPort) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT
                        .port(port)
                        .managementPort(managementPort)
                        .metrics(registry::scrape));
        RealtimeMetrics.of(realtime)
                .counters(server::counters)
                .gauges(server::gauges)
                .bindTo(registry);
        return server;
    }

    @Bean
    RealtimeMetrics realtimeMetrics(Realtime realtime) {
        return RealtimeMetrics.of(realtime);
    }

    static void several(Realtime realtime, RedisIntake intake, MeterRegistry registry) {
        RealtimeMetrics.of(realtime)
                .tags(Tags.of("node", realtime.node()))
                .counters(intake::counters)
                .bindTo(registry);
    }

    static void roles(Realtime realtime, MeterRegistry registry) {
        RealtimeMetrics.of(realtime).roles("/", "admin", "moderator", "player").bindTo(registry);
    }
}
