package dev.realtime.standalone;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.InboundBudget;
import java.time.Duration;

/** What the HTTP connections of a server share. */
final class HttpServer {
    /** When a body that found no room asks again. */
    static final Duration RETRY = Duration.ofMillis(50);

    private final ServedEngine engine;
    private final HttpOptions options;
    private final HttpCounters counters;
    private final BoundedLog lines;
    private final DeadlineTimer deadlines;
    private final HttpConnections connections;
    private final RequestRouter router;
    private final Upgrades upgrades;
    private final HeavyWork heavy;

    HttpServer(
            ServedEngine engine,
            HttpOptions options,
            HttpCounters counters,
            BoundedLog lines,
            DeadlineTimer deadlines,
            HttpConnections connections,
            RequestRouter router,
            Upgrades upgrades,
            HeavyWork heavy) {
        this.engine = engine;
        this.options = options;
        this.counters = counters;
        this.lines = lines;
        this.deadlines = deadlines;
        this.connections = connections;
        this.router = router;
        this.upgrades = upgrades;
        this.heavy = heavy;
    }

    HttpOptions options() {
        return options;
    }

    HttpCounters counters() {
        return counters;
    }

    /** For lines that clients cause. */
    BoundedLog lines() {
        return lines;
    }

    DeadlineTimer deadlines() {
        return deadlines;
    }

    HttpConnections connections() {
        return connections;
    }

    RequestRouter router() {
        return router;
    }

    HeavyWork heavy() {
        return heavy;
    }

    Upgrades upgrades() {
        return upgrades;
    }

    Duration patience() {
        return engine.doors().patience();
    }

    InboundBudget inbound() {
        return engine.doors().inbound();
    }

    boolean stopping() {
        return router.isStopping();
    }
}
