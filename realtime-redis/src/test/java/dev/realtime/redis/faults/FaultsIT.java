package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * Three nodes, one Redis, a thousand clients, real signals. After the death or the freezing of nodes nothing is lost, repeated or out of order,
 * and every session goes on; after faults of Redis nobody has a gap without being told.
 */
@Tag("faults")
class FaultsIT {
    private static final int CLIENTS = Integer.getInteger("realtime.faults.clients", 1_000);
    private static final int SOME = 150; // accepted events between two faults: about three seconds of load

    private static final int LONGER_THAN_A_LEASE = 400; // about eight seconds of load; a lease is three

    private static final int BACKLOG = Integer.getInteger("realtime.faults.backlog", 13_000); // entries of the stream

    private static final int LAST_WORDS = 200; // lines of the log of each node, when a test has failed

    private static final String FRESH = "gets a fresh one: ";

    private static final Pattern XRANGE = Pattern.compile("cmdstat_xrange:calls=(\\d+)");

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Crowd crowd = new Crowd(CLIENTS);

    @TempDir
    Path directory;

    @RegisterExtension
    final AfterTestExecutionCallback failure = context -> {
        if (context.getExecutionException().isPresent()) {
            printLogs();
        }
    };

    @AfterEach
    void end() {
        crowd.close();
        nodes.forEach(NodeProcess::close);
    }

    @Test
    void killedAndFrozenNodesCostNobodyAnEvent() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            cluster(redis.url());
            NodeProcess killed = nodes.get(0);
            crowd.avoid(killed);
            killed.kill();
            crowd.awaitAccepted(SOME);
            crowd.awaitAllInTheirZones();
            start(redis.url());

            NodeProcess frozen = nodes.get(1);
            crowd.avoid(frozen);
            frozen.freeze();
            crowd.awaitAccepted(LONGER_THAN_A_LEASE);
            frozen.thaw();
            crowd.open(frozen);
            crowd.awaitAccepted(SOME);

            Evidence evidence = crowd.rest();
            report("kill -9 and freeze of nodes", evidence);
            assertThat(evidence.examples()).isEmpty();
            assertThat(evidence.lost() + evidence.duplicated() + evidence.reordered())
                    .isZero();
            assertThat(evidence.gaps()).isZero();
            assertThat(evidence.resumed()).isGreaterThanOrEqualTo(CLIENTS / 3);
            assertEverythingHasEnded("kill -9 and freeze of nodes", redis);
        }
    }

    /** As every deploy does: a new node comes, an old one stops, and its clients are on their way to nodes that have just started. */
    @Test
    void aRollOfAllNodesCostsNobodyItsSession() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            cluster(redis.url());
            crowd.fill(BACKLOG);
            crowd.waits();
            for (NodeProcess old : List.copyOf(nodes)) {
                start(redis.url());
                crowd.avoid(old);
                old.stop();
                crowd.awaitAllInTheirZones();
                System.out.println("faults: roll: " + crowd.waits());
                crowd.awaitAccepted(SOME);
            }
            assertNothingHappened("roll of three nodes", CLIENTS);
            assertEverythingHasEnded("roll of three nodes", redis);
        }
    }

    /** The window of a new node is empty, and everybody comes to it at once. */
    @Test
    void aNodeThatHasJustStartedTakesEverybodyAtOnce() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            start(redis.url());
            crowd.arrive();
            crowd.startLoad();
            crowd.fill(BACKLOG);
            crowd.waits();
            NodeProcess old = nodes.get(0);
            start(redis.url());
            crowd.avoid(old);
            old.kill();
            long before = pages(redis);
            crowd.awaitAllInTheirZones();
            long read = pages(redis) - before;
            System.out.println("faults: everybody to a new node: " + crowd.waits() + ", " + read + " XRANGE");
            assertThat(read)
                    .as("pages of the stream that were read for " + CLIENTS)
                    .isLessThan(CLIENTS / 4);
            crowd.awaitAccepted(SOME);
            assertNothingHappened("everybody to a new node", CLIENTS);
            assertEverythingHasEnded("everybody to a new node", redis);
        }
    }

    private void assertNothingHappened(String fault, int returns) throws IOException {
        Evidence evidence = crowd.rest();
        report(fault, evidence);
        assertThat(evidence.examples()).isEmpty();
        assertThat(evidence.lost() + evidence.duplicated() + evidence.reordered())
                .isZero();
        assertThat(evidence.gaps()).as("fresh sessions").isZero();
        assertThat(evidence.resumed()).isGreaterThanOrEqualTo(returns);
    }

    @Test
    void aRedisThatDiesAndComesBackEmptyLeavesNoSilentGap() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            cluster(redis.url());
            redis.kill();
            redis.startAgain();
            crowd.awaitAccepted(SOME);
            Evidence evidence = crowd.rest();
            report("kill -9 and restart of Redis", evidence);
            assertNoSilentGap(evidence);
            assertEverythingHasEnded("kill -9 and restart of Redis", redis);
        }
    }

    @Test
    void aFailoverThatLosesTheLastEventsLeavesNoSilentGap() throws Exception {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.replicaOf(master, "--appendonly", "yes")) {
            await("the replica").until(() -> says(replica, "replication", "master_link_status:up"));
            try (RedisServer sentinel = RedisServer.sentinel("zones", master)) {
                await("the sentinel").until(() -> says(sentinel, "sentinel", "slaves=1"));
                cluster("redis-sentinel://127.0.0.1:" + sentinel.port() + "/zones");
                replica.kill();
                crowd.awaitAccepted(SOME); // which the replica never hears of
                master.kill();
                replica.startAgain();
                sentinel.failOver("zones");
                crowd.awaitAccepted(SOME);
                Evidence evidence = crowd.rest();
                report("failover to a replica that lacks the end", evidence);
                assertNoSilentGap(evidence);
                assertEverythingHasEnded("failover to a replica that lacks the end", replica);
            }
        }
    }

    /** Everybody goes: of each session that a node was told to begin one node has been told the end, once, and Redis has nothing of it (I23). */
    private void assertEverythingHasEnded(String fault, RedisServer redis) throws IOException {
        crowd.leave();
        await("all have ended")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    assertThat(records(redis)).as("records left").isEmpty();
                    Set<String> open = new TreeSet<>(told(ZoneNode.BEGIN).keySet());
                    open.removeAll(told(ZoneNode.END).keySet());
                    assertThat(open).as("sessions without an end").isEmpty();
                });
        Map<String, Integer> begun = told(ZoneNode.BEGIN);
        Map<String, Integer> ended = told(ZoneNode.END);
        System.out.println("faults: " + fault + ": " + sum(begun) + " beginnings, " + sum(ended) + " ends");
        assertThat(ended).isEqualTo(begun);
        assertThat(begun)
                .hasSizeGreaterThanOrEqualTo(CLIENTS)
                .allSatisfy((id, times) -> assertThat(times).as("%s", id).isOne());
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How often the applications of all nodes, the dead included, were told so, by session. */
    private Map<String, Integer> told(String what) throws IOException {
        Map<String, Integer> told = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String line : Files.readAllLines(log(i).toPath())) {
                int at = line.indexOf(what);
                if (at >= 0) {
                    told.merge(line.substring(at + what.length()).split(" ")[0], 1, Integer::sum);
                }
            }
        }
        return told;
    }

    private static Set<String> records(RedisServer redis) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.keys("sio:session:*");
        }
    }

    private static long pages(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            Matcher calls = XRANGE.matcher(jedis.info("commandstats"));
            return calls.find() ? Long.parseLong(calls.group(1)) : 0;
        }
    }

    private static boolean says(RedisServer server, String section, String text) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info(section).contains(text);
        }
    }

    private static void assertNoSilentGap(Evidence evidence) {
        assertThat(evidence.duplicated() + evidence.reordered()).isZero();
        assertThat(evidence.examples().stream().filter(example -> example.startsWith("session")))
                .isEmpty();
        assertThat(evidence.gaps()).isPositive();
    }

    private void cluster(String redis) throws IOException {
        for (int i = 0; i < 3; i++) {
            start(redis);
        }
        crowd.arrive();
        crowd.startLoad();
        crowd.awaitAccepted(SOME);
    }

    private void start(String redis) throws IOException {
        NodeProcess node = NodeProcess.start(ZoneNode.class, log(nodes.size()), redis);
        nodes.add(node);
        crowd.open(node);
    }

    private void report(String fault, Evidence evidence) throws IOException {
        System.out.println("faults: " + fault + ": " + evidence + ", fresh sessions " + reasons());
    }

    /** Why clients that asked for their old session got a fresh one, as the nodes have logged it. */
    private Map<String, Integer> reasons() throws IOException {
        Map<String, Integer> reasons = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String line : Files.readAllLines(log(i).toPath())) {
                int at = line.indexOf(FRESH);
                if (at >= 0) {
                    reasons.merge(line.substring(at + FRESH.length()), 1, Integer::sum);
                }
            }
        }
        return reasons;
    }

    /** What the nodes have to say, without what their applications were told. */
    private void printLogs() throws IOException {
        for (int i = 0; i < nodes.size(); i++) {
            List<String> lines = Files.readAllLines(log(i).toPath()).stream()
                    .filter(line -> !line.startsWith(ZoneNode.BEGIN) && !line.startsWith(ZoneNode.END))
                    .toList();
            System.out.println("faults: the last words of node " + i + ":\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - LAST_WORDS), lines.size())));
        }
    }

    private File log(int node) {
        return directory.resolve("node-" + node + ".log").toFile();
    }
}
