package dev.realtime.benchmarks.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a server costs with what is switched on for a namespace or a request, beside the plain event or request: requests once, schedules, states, mail, relay, batches. */
final class FeatureTables {
    private static final String CPU = "microsPerUnit";
    private static final String REDIS = "redisMicrosPerUnit";
    private static final String PER_SECOND = "unitsPerSecond";
    private static final String P50 = "p50Millis";
    private static final String P99 = "p99Millis";

    private static final String IN_MEMORY = "once";
    private static final String ON_REDIS = "once-redis";
    private static final String TIMERS = "timers";
    private static final String MAIL = "mail";
    private static final String STATE = "state";
    private static final String POLLS = "polls";
    private static final String RELAYED = "polls-relayed";
    private static final String SLOW = "fanout-gathered@batches-100";
    private static final String FAST = "fanout-gathered@batches-400";

    private static final double WATCHERS = 100;

    private FeatureTables() {}

    static Map<String, Table> tables() {
        Map<String, Table> tables = new LinkedHashMap<>();
        tables.put("once", new Matrix("a request", once(), beside("a plain one", "once", "handled once"), false));
        tables.put(
                "timers",
                new Matrix(
                        "an event that is emitted later",
                        timers(),
                        List.of(new Peer("realtime-schedule", "one node on a Redis")),
                        false));
        tables.put(
                "state",
                new Matrix(
                        "100 clients, one node on a Redis",
                        state(),
                        beside("an event to the room", "state", "a new version of a state"),
                        false));
        tables.put(
                "mail",
                new Matrix("a message", mail(), List.of(new Peer("realtime-mail", "one node on a Redis")), false));
        tables.put(
                "relay",
                new Matrix(
                        "a request over long-polling, two nodes on a Redis",
                        relay(),
                        List.of(
                                new Peer("realtime", "this library"),
                                new Peer("node-cluster-engine", "Node.js with its cluster engine")),
                        false));
        tables.put("batches", new Matrix("1,000 of a room", batches(), beside("alone", "batches", "batched"), false));
        return tables;
    }

    private static List<Peer> beside(String plain, String feature, String label) {
        return List.of(new Peer("realtime", plain), new Peer("realtime-" + feature, label));
    }

    private static List<Measure> once() {
        return List.of(
                Measure.of("in memory: CPU of the node, µs", IN_MEMORY, CPU, "%.2f"),
                Measure.of("per second", IN_MEMORY, PER_SECOND, "%,.0f"),
                Measure.of("median, ms", IN_MEMORY, P50, "%.2f"),
                Measure.of("99 %, ms", IN_MEMORY, P99, "%.2f"),
                Measure.of("on Redis: CPU of the node, µs", ON_REDIS, CPU, "%.2f"),
                Measure.of("CPU of Redis, µs", ON_REDIS, REDIS, "%.2f"),
                Measure.of("per second", ON_REDIS, PER_SECOND, "%,.0f"),
                Measure.of("median, ms", ON_REDIS, P50, "%.2f"),
                Measure.of("99 %, ms", ON_REDIS, P99, "%.2f"));
    }

    private static List<Measure> relay() {
        return List.of(
                Measure.of("reaches its node: CPU of both nodes, µs", POLLS, CPU, "%.0f"),
                Measure.of("… median, ms", POLLS, P50, "%.2f"),
                Measure.of("reaches the other node: CPU of both nodes, µs", RELAYED, CPU, "%.0f"),
                Measure.of("… CPU of Redis, µs", RELAYED, REDIS, "%.0f"),
                Measure.of("… median, ms", RELAYED, P50, "%.2f"));
    }

    private static List<Measure> mail() {
        return List.of(
                Measure.of("stored, delivered and acknowledged per second", MAIL, PER_SECOND, "%,.0f"),
                Measure.of("CPU of the node each, µs", MAIL, CPU, "%.0f"),
                Measure.of("CPU of Redis, µs", MAIL, REDIS, "%.0f"),
                Measure.of("from when it is sent until it arrives, median, ms", MAIL, P50, "%.1f"),
                Measure.of("99 %, ms", MAIL, P99, "%.1f"));
    }

    private static List<Measure> timers() {
        return List.of(
                Measure.of("stored per second", TIMERS, "storedPerSecond", "%,.0f"),
                Measure.of("… CPU of the node each, µs", TIMERS, "microsPerStored", "%.0f"),
                Measure.of("… CPU of Redis, µs", TIMERS, "redisMicrosPerStored", "%.0f"),
                Measure.of("emitted per second, 10,000 due at once", TIMERS, "firedPerSecond", "%,.0f"),
                Measure.of("… CPU of the node each, µs", TIMERS, "microsPerFired", "%.0f"),
                Measure.of("… CPU of Redis, µs", TIMERS, "redisMicrosPerFired", "%.0f"),
                Measure.of("500 a second: how late, median, ms", TIMERS, P50, "%.1f"),
                Measure.of("… 99 %, ms", TIMERS, P99, "%.1f"));
    }

    private static List<Measure> state() {
        return List.of(
                Measure.of("per second", STATE, PER_SECOND, "%,.0f"),
                Measure.of("CPU of the node each, µs", STATE, CPU, "%.0f"),
                new Measure("… per delivery, µs", STATE, CPU, "%.2f", 1 / WATCHERS),
                Measure.of("CPU of Redis each, µs", STATE, REDIS, "%.0f"),
                Measure.of("median, ms", STATE, P50, "%.2f"),
                Measure.of("99 %, ms", STATE, P99, "%.2f"));
    }

    private static List<Measure> batches() {
        return List.of(
                Measure.of("100 events a second: µs of CPU per delivery", SLOW, CPU, "%.2f"),
                Measure.of("… median, ms", SLOW, P50, "%.1f"),
                Measure.of("… 99 %, ms", SLOW, P99, "%.1f"),
                Measure.of("400 events a second: µs of CPU per delivery", FAST, CPU, "%.2f"),
                Measure.of("… median, ms", FAST, P50, "%.1f"),
                Measure.of("… 99 %, ms", FAST, P99, "%.1f"));
    }
}
