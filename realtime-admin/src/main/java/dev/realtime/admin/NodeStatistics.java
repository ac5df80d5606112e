package dev.realtime.admin;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.Stats;
import dev.realtime.admin.AdminEvents.Counted;
import dev.realtime.admin.AdminEvents.NamespaceSize;
import dev.realtime.admin.AdminEvents.ServerStats;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a node, in the UI's words. Used by one look at a time. */
final class NodeStatistics {
    private static final String CLOSED = "connections.closed.";
    private static final int MOST_NAMESPACES = 100;
    private static final int SHORT_ID = 6;

    private final Realtime realtime;
    private final String hostname = hostname();
    private final String serverId;
    private final Instant started;
    private Map<String, Long> before = Map.of();

    NodeStatistics(Realtime realtime, AdminOptions options) {
        this.realtime = realtime;
        String node = realtime.node();
        this.serverId =
                options.serverId().orElse(hostname + "#" + node.substring(0, Math.min(SHORT_ID, node.length())));
        this.started = realtime.clock().instant();
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Counts from now on. */
    void begin() {
        before = realtime.stats().counters();
    }

    /** The figures now, and what has happened since it was asked last. */
    ServerStats since(Instant now, FeedObserver.Written written) {
        Stats stats = realtime.stats();
        ServerStats figures = new ServerStats(
                serverId,
                hostname,
                ProcessHandle.current().pid(),
                Duration.between(started, now).toMillis() / 1_000.0,
                stats.connections(),
                stats.gauges().getOrDefault("connections.polling", 0L),
                counted(now, stats.counters(), written),
                sizes());
        before = stats.counters();
        return figures;
    }

    private List<Counted> counted(Instant now, Map<String, Long> counters, FeedObserver.Written written) {
        long second = now.getEpochSecond() * 1_000;
        List<Counted> counted = new ArrayList<>();
        add(counted, second, "rawConnection", null, since(counters, "connections.opened"));
        for (String name : counters.keySet()) {
            if (name.startsWith(CLOSED)) {
                add(counted, second, "rawDisconnection", name.substring(CLOSED.length()), since(counters, name));
            }
        }
        add(counted, second, "packetsIn", null, since(counters, "events.received"));
        add(counted, second, "packetsOut", null, written.frames());
        add(counted, second, "bytesOut", null, written.bytes());
        return counted;
    }

    private long since(Map<String, Long> counters, String name) {
        return counters.getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
    }

    private static void add(List<Counted> counted, long second, String type, @Nullable String subType, long count) {
        if (count > 0) {
            counted.add(new Counted(second, type, subType, count));
        }
    }

    /** Those that the UI hears of: clients can have any number made where names are a pattern, and those of the application are short. */
    static List<Namespace> namespaces(Realtime realtime) {
        return realtime.namespaces().stream()
                .sorted(Comparator.comparingInt(one -> one.name().length()))
                .limit(MOST_NAMESPACES)
                .toList();
    }

    private List<NamespaceSize> sizes() {
        List<NamespaceSize> sizes = new ArrayList<>();
        for (Namespace namespace : namespaces(realtime)) {
            long there =
                    namespace.sessions().stream().filter(Session::isConnected).count();
            sizes.add(new NamespaceSize(namespace.name(), (int) there));
        }
        return sizes;
    }
}
