package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.server.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deploy: three nodes are replaced one after the other by SIGTERM, under load of official JavaScript clients behind a balancer. Nobody notices (I19). */
@Tag("faults")
class RollIT {
    private static final int CLIENTS = Integer.getInteger("realtime.roll.clients", 300);
    /** Numbers that are said between two deploys: about three seconds of load. */
    private static final int SOME = 3 * CLIENTS;

    private static final Duration HTTP = Duration.ofSeconds(5); // what a server has behind its engine
    private static final int LONGEST = 30_000; // ms that a client may be away

    private final List<NodeProcess> nodes = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        nodes.forEach(NodeProcess::close);
    }

    @Test
    @Timeout(300)
    void aRollOfThreeNodesCostsOfficialClientsNothing() throws Exception {
        try (RedisServer redis = RedisServer.start();
                OfficialClients clients = OfficialClients.start(CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                start(redis, clients);
            }
            clients.call("arrive");
            clients.call("said", "more", SOME);
            for (NodeProcess old : List.copyOf(nodes)) {
                start(redis, clients);
                Duration taken = old.terminate();
                JsonNode connected = clients.call("connected");
                System.out.println(
                        "roll: stopped in " + taken.toMillis() + " ms, connections " + connected.get("open"));
                assertThat(taken).isLessThan(DrainOptions.DEFAULT.deadline().plus(HTTP));
                clients.call("said", "more", SOME);
            }
            JsonNode seen = clients.call("rest");
            System.out.println("roll: " + CLIENTS + " clients: " + seen);
            assertNobodyNoticed(seen);
        }
    }

    /** Each is told so twice. */
    @Test
    @Timeout(300)
    void threeNodesThatAreReplacedAtTheSameMomentCostThemNothing() throws Exception {
        try (RedisServer redis = RedisServer.start();
                OfficialClients clients = OfficialClients.start(CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                start(redis, clients);
            }
            clients.call("arrive");
            clients.call("said", "more", SOME);
            List<NodeProcess> old = List.copyOf(nodes);
            for (int i = 0; i < 3; i++) {
                start(redis, clients);
            }
            long from = System.nanoTime();
            for (int times = 0; times < 2; times++) {
                for (NodeProcess node : old) {
                    node.askToEnd();
                }
            }
            for (NodeProcess node : old) {
                node.awaitEnd();
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - from);
            JsonNode connected = clients.call("connected");
            System.out.println(
                    "roll: all stopped in " + taken.toMillis() + " ms, connections " + connected.get("open"));
            assertThat(taken).isLessThan(DrainOptions.DEFAULT.deadline().plus(HTTP));
            clients.call("said", "more", SOME);
            JsonNode seen = clients.call("rest");
            System.out.println("roll: " + CLIENTS + " clients: " + seen);
            assertNobodyNoticed(seen);
        }
    }

    private void start(RedisServer redis, OfficialClients clients) throws IOException {
        String log = "node-" + nodes.size() + ".log";
        NodeProcess node =
                NodeProcess.start(RollNode.class, directory.resolve(log).toFile(), redis.url());
        nodes.add(node);
        clients.call("add", "port", node.port());
    }

    private static void assertNobodyNoticed(JsonNode seen) {
        assertThat(seen.get("examples")).isEmpty();
        assertThat(number(seen, "lost") + number(seen, "doubled") + number(seen, "reordered"))
                .isZero();
        assertThat(number(seen, "unanswered")).as("without an answer").isZero();
        assertThat(number(seen, "fresh")).as("fresh sessions").isZero();
        assertThat(number(seen, "resumed")).isGreaterThanOrEqualTo(CLIENTS);
        assertThat(number(seen, "slowest")).as("ms away").isLessThan(LONGEST);
        assertThat(number(seen, "peak")).as("connections of one node").isLessThanOrEqualTo(2 * CLIENTS / 3);
    }

    private static int number(JsonNode seen, String name) {
        return seen.get(name).intValue();
    }
}
