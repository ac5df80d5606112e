package dev.realtime.benchmarks.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All tables and pictures of the page by their names; a question that somebody has is a table. */
final class Figures {
    private static final double KILOBYTE = 1.0 / 1024;
    private static final String CPU = "microsPerUnit";
    private static final String P50 = "p50Millis";
    private static final String P99 = "p99Millis";
    private static final String DELIVERY = "microsPerDelivery";

    private static final String PRESENCE_PART = "presence";

    private static final Peer REALTIME = new Peer("realtime", "this library");
    private static final Peer WARMED = new Peer("realtime-warmed", "… warmed up");
    private static final Peer DIRECT = new Peer("realtime-direct", "… with direct handlers");
    private static final Peer ON_25 = new Peer("realtime-25", "… on Java 25");
    private static final Peer POLICIES = new Peer("realtime-policies", "… with policies");
    private static final Peer METRICS = new Peer("realtime-metrics", "… with metrics");
    private static final Peer USERS = new Peer("realtime-principals", "without presence");
    private static final Peer PRESENCE = new Peer("realtime-presence-rooms", "with presence");
    private static final Peer NODE = new Peer("node", "Node.js");
    private static final Peer NETTY_SOCKETIO = new Peer("netty-socketio", "netty-socketio");
    private static final Peer RAW_NETTY = new Peer("raw-netty", "Netty alone");
    private static final Peer CONSOLIDATED = new Peer("raw-netty-consolidated", "Netty alone, flushes together");

    private static final List<Peer> FRAMEWORKS = List.of(REALTIME, NODE, NETTY_SOCKETIO);
    private static final List<Peer> WITH_LIMIT = List.of(REALTIME, NODE, NETTY_SOCKETIO, RAW_NETTY, CONSOLIDATED);

    private static final List<Integer> NODES = List.of(1, 2, 4);
    private static final List<Integer> NAMESPACES = List.of(1, 10, 100);
    private static final List<Integer> MEMBERS = List.of(10, 100, 1_000, 10_000);
    private static final List<Integer> ROOMS = List.of(1, 10, 100, 1_000, 10_000);
    private static final List<Integer> IDLE_NAMESPACES = List.of(0, 1, 10, 100, 1_000);

    private Figures() {}

    static Map<String, Table> tables() {
        Map<String, Table> tables = new LinkedHashMap<>();
        tables.put("summary", new Matrix("question", summary(), FRAMEWORKS, false));
        tables.put("broadcast", new Matrix("µs of CPU per delivery", broadcasts(), WITH_LIMIT, false));
        tables.put("broadcast-latency", new Matrix("ms from sender to player", broadcastLatency(), FRAMEWORKS, false));
        tables.put("request", new Matrix("µs of CPU per request", requests(), requestPeers(), false));
        tables.put("connect", new Matrix("a new connection", connects(), List.of(REALTIME, WARMED, NODE), false));
        tables.put(
                "alone", new Matrix("on an idle server", alone(), List.of(REALTIME, DIRECT, NODE, RAW_NETTY), false));
        tables.put("idle", new Matrix("an idle connection", idle(), FRAMEWORKS, false));
        tables.put("nodes", new Matrix("two nodes, one Redis", nodes(), List.of(REALTIME, DIRECT, NODE), false));
        tables.put("storm", new Matrix("5,000 sessions come back", storm(), List.of(REALTIME, NODE), false));
        tables.put("presence", new Matrix("10,000 users, three nodes", presence(), List.of(USERS, PRESENCE), false));
        tables.put("containers", new Matrix("server", containerMeasures(), containers(), true));
        tables.put("java", new Matrix("µs of CPU", javaMeasures(), List.of(REALTIME, ON_25), false));
        tables.put("policies", new Matrix("µs of CPU", policyMeasures(), List.of(REALTIME, POLICIES), false));
        tables.put("metrics", new Matrix("µs of CPU", metricsMeasures(), List.of(REALTIME, METRICS), false));
        tables.put("policies-connect", new Matrix("µs of CPU", policyConnects(), policies(), false));
        tables.putAll(FeatureTables.tables());
        tables.put("growth-nodes", growth("nodes", "growth-nodes", NODES));
        tables.put("growth-namespaces", growth("namespaces", "growth-namespaces", NAMESPACES));
        tables.put("growth-room", growth("members of the room", "growth-room", MEMBERS));
        tables.put("growth-rooms", growth("rooms", "growth-rooms", ROOMS));
        tables.put("growth-idle", growth("idle namespaces", "growth-idle", IDLE_NAMESPACES));
        return tables;
    }

    static Map<String, Picture> pictures() {
        Map<String, Picture> pictures = new LinkedHashMap<>();
        pictures.put(
                "broadcast", new Bars("An event to 1,000 players: µs of CPU per delivery", broadcasts(), WITH_LIMIT));
        pictures.put("request", new Bars("A request and its answer: µs of CPU", requests(), requestPeers()));
        pictures.put(
                "connect",
                new Bars("Letting a player in: µs of CPU", connects().subList(0, 2), List.of(REALTIME, WARMED, NODE)));
        pictures.put(
                "containers",
                new Bars(
                        "An event to 1,000 players: µs of CPU",
                        containerMeasures().subList(0, 2),
                        containers()));
        pictures.put(
                "growth",
                new Lines(
                        "What grows, and what a delivery costs then",
                        DELIVERY,
                        "µs of CPU per delivery",
                        List.of(
                                line("members of one room", "growth-room", MEMBERS),
                                line("rooms of 10", "growth-rooms", ROOMS),
                                line("namespaces of rooms of 10", "growth-namespaces", NAMESPACES),
                                line("idle namespaces", "growth-idle", IDLE_NAMESPACES.subList(1, 5)),
                                line("nodes", "growth-nodes", NODES))));
        return pictures;
    }

    private static List<Measure> summary() {
        return List.of(
                Measure.of("an event to 1,000 players of a busy room", "fanout-1x8", CPU, "%.2f µs each"),
                Measure.of("… when it is the only one on its way", "fanout-1x1", CPU, "%.2f µs each"),
                Measure.of("a request and its answer", "echo", CPU, "%.2f µs"),
                Measure.of("letting a player in", "connect", CPU, "%.0f µs"),
                Measure.of("… on a server that has just started", "connect-cold", CPU, "%.0f µs"),
                Measure.of("… one alone, how soon (median)", "connect-alone", P50, "%.2f ms"),
                Measure.of("a request alone, how soon (median)", "echo-alone", P50, "%.3f ms"),
                kilobytes("an idle player", "heapBytes", "%.1f KB of heap"),
                Measure.of("an event to another node", "cross-2", DELIVERY, "%.1f µs"),
                Measure.of("… how soon (median)", "cross-2", P50, "%.2f ms"));
    }

    private static List<Measure> broadcasts() {
        return List.of(
                Measure.of("eight events on their way", "fanout-1x8", CPU, "%.2f"),
                Measure.of("one event on its way", "fanout-1x1", CPU, "%.2f"),
                Measure.of("40 events a second", "fanout-rate", CPU, "%.2f"));
    }

    private static List<Measure> broadcastLatency() {
        return List.of(
                Measure.of("40 events a second, median", "fanout-rate", P50, "%.1f"),
                Measure.of("40 events a second, 99 %", "fanout-rate", P99, "%.1f"));
    }

    private static List<Measure> requests() {
        return List.of(Measure.of("100 clients, eight requests each", "echo", CPU, "%.2f"));
    }

    private static List<Peer> requestPeers() {
        return List.of(REALTIME, DIRECT, NODE, NETTY_SOCKETIO, RAW_NETTY, CONSOLIDATED);
    }

    private static List<Measure> connects() {
        return List.of(
                Measure.of("warm server, µs of CPU", "connect", CPU, "%.0f"),
                Measure.of("server that has just started, µs of CPU", "connect-cold", CPU, "%.0f"),
                Measure.of("16 at a time, per second", "connect", "unitsPerSecond", "%,.0f"));
    }

    private static List<Measure> alone() {
        return List.of(
                Measure.of("one connects, ms, median", "connect-alone", P50, "%.3f"),
                Measure.of("one connects, ms, 99 %", "connect-alone", P99, "%.3f"),
                Measure.of("one request, ms, median", "echo-alone", P50, "%.3f"),
                Measure.of("one request, ms, 99 %", "echo-alone", P99, "%.3f"),
                Measure.of("an event to ten, ms, median", "fanout-alone", P50, "%.3f"),
                Measure.of("an event to ten, ms, 99 %", "fanout-alone", P99, "%.3f"));
    }

    private static List<Measure> idle() {
        return List.of(
                kilobytes("heap, KB", "heapBytes", "%.1f"), kilobytes("resident memory, KB", "residentBytes", "%.1f"));
    }

    private static Measure kilobytes(String label, String value, String format) {
        return new Measure(label, "idle", value, format, KILOBYTE);
    }

    private static List<Measure> nodes() {
        return List.of(
                Measure.of("CPU of both nodes per delivery, µs", "cross-2", DELIVERY, "%.1f"),
                Measure.of("CPU of Redis per message, µs", "cross-2", "redisMicrosPerMessage", "%.1f"),
                Measure.of("median, ms", "cross-2", P50, "%.2f"),
                Measure.of("99 %, ms", "cross-2", P99, "%.2f"),
                Measure.of("5,000 a second: CPU of both nodes per delivery, µs", "cross-2-half", DELIVERY, "%.1f"),
                Measure.of("5,000 a second: median, ms", "cross-2-half", P50, "%.2f"),
                Measure.of("5,000 a second: 99 %, ms", "cross-2-half", P99, "%.2f"));
    }

    private static List<Measure> storm() {
        return List.of(
                Measure.of("cut off: resumed", "storm", "resumed", "%,.0f"),
                Measure.of("µs of CPU each", "storm", "microsPerReturn", "%.0f"),
                Measure.of("all back, ms", "storm", "lastMillis", "%,.0f"),
                Measure.of("others' requests, 99 %, ms", "storm", "stormP99Millis", "%.1f"),
                Measure.of("node killed: resumed", "storm-killed", "resumed", "%,.0f"),
                Measure.of("µs of CPU each", "storm-killed", "microsPerReturn", "%.0f"),
                Measure.of("all back, ms", "storm-killed", "lastMillis", "%,.0f"),
                Measure.of("others' requests, 99 %, ms", "storm-killed", "stormP99Millis", "%.1f"));
    }

    private static List<Measure> presence() {
        return List.of(
                Measure.of("a connect, µs of CPU of all nodes", PRESENCE_PART, "microsPerConnect", "%.0f"),
                Measure.of("… of Redis", PRESENCE_PART, "redisMicrosPerConnect", "%.0f"),
                Measure.of("… entries of the log, if one comes alone", PRESENCE_PART, "entriesAlone", "%.2f"),
                Measure.of("… bytes of these", PRESENCE_PART, "bytesAlone", "%.0f"),
                Measure.of("… entries, if 64 connect at a time", PRESENCE_PART, "entriesPerConnect", "%.3f"),
                Measure.of("… bytes of these", PRESENCE_PART, "bytesPerConnect", "%.0f"),
                new Measure("a session, KB of heap on all nodes", PRESENCE_PART, "heapBytes", "%.1f", KILOBYTE),
                Measure.of("kill −9: the lease still was, ms", PRESENCE_PART, "leaseMillis", "%,.0f"),
                Measure.of("… behind its end: noticed, ms", PRESENCE_PART, "noticedMillis", "%,.0f"),
                Measure.of("… known at both others, ms", PRESENCE_PART, "knownMillis", "%,.0f"),
                Measure.of("… all its sessions taken over, ms", PRESENCE_PART, "takenOverMillis", "%,.0f"));
    }

    private static List<Measure> containerMeasures() {
        return List.of(
                Measure.of("eight events on their way", "fanout-1x8@containers", CPU, "%.2f"),
                Measure.of("one event on its way", "fanout-1x1@containers", CPU, "%.2f"),
                Measure.of("request", "echo@containers", CPU, "%.2f"),
                Measure.of("connect", "connect@containers", CPU, "%.0f"),
                Measure.of("connect, just started", "connect-cold@containers", CPU, "%.0f"),
                new Measure("idle, KB of heap", "idle@containers", "heapBytes", "%.1f", KILOBYTE));
    }

    private static List<Peer> containers() {
        return List.of(
                new Peer("realtime", "standalone"),
                new Peer("tomcat", "in Tomcat"),
                new Peer("tomcat-raw", "Tomcat's sendText"),
                new Peer("jetty", "in Jetty"),
                new Peer("jetty-raw", "Jetty's sendText"),
                new Peer("undertow", "in Undertow"),
                new Peer("undertow-raw", "Undertow's sendText"));
    }

    private static List<Measure> javaMeasures() {
        return List.of(
                Measure.of("eight events on their way", "fanout-1x8@java", CPU, "%.2f"),
                Measure.of("one event on its way", "fanout-1x1@java", CPU, "%.2f"),
                Measure.of("request", "echo@java", CPU, "%.2f"));
    }

    private static List<Measure> metricsMeasures() {
        return List.of(
                Measure.of("eight events on their way", "fanout-1x8-switched@metrics", CPU, "%.2f"),
                Measure.of("one event on its way", "fanout-1x1-switched@metrics", CPU, "%.2f"),
                Measure.of("request", "echo-switched@metrics", CPU, "%.2f"));
    }

    private static List<Measure> policyConnects() {
        return List.of(Measure.of("connect", "connect@policies", CPU, "%.0f"));
    }

    private static List<Peer> policies() {
        return List.of(
                REALTIME,
                new Peer("realtime-principals", "… users are known"),
                new Peer("realtime-rules", "… rules of rooms"),
                new Peer("realtime-limits", "… limits"),
                new Peer("realtime-login", "… single login"),
                new Peer("realtime-presence", "… presence"),
                new Peer("realtime-policies", "… all of them"));
    }

    private static List<Measure> policyMeasures() {
        return List.of(
                Measure.of("eight events on their way", "fanout-1x8@policies", CPU, "%.2f"),
                Measure.of("one event on its way", "fanout-1x1@policies", CPU, "%.2f"),
                Measure.of("request", "echo@policies", CPU, "%.2f"));
    }

    /** Steps have the lines: they are scenarios, and what is measured of them are the columns. */
    private static Growth growth(String what, String scenario, List<Integer> steps) {
        return new Growth(what, scenario, steps, List.of(REALTIME, NODE));
    }

    private static Lines.Growing line(String label, String scenario, List<Integer> steps) {
        return new Lines.Growing(label, scenario, REALTIME.server(), steps);
    }
}
