package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Crowd crowd = new Crowd(CLIENTS);

    @TempDir
    Path directory;

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
        }
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
        }
    }

    @Test
    void aFailoverThatLosesTheLastEventsLeavesNoSilentGap() throws Exception {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.replicaOf(master, "--appendonly", "yes")) {
            await("the replica").until(() -> says(replica, "replication", "master_link_status:up"));
            try (RedisServer sentinel = RedisServer.sentinel("zones", master, 1_000)) {
                await("the sentinel").until(() -> says(sentinel, "sentinel", "slaves=1"));
                cluster("redis-sentinel://127.0.0.1:" + sentinel.port() + "/zones");
                replica.kill();
                crowd.awaitAccepted(SOME); // which the replica never hears of
                master.kill();
                replica.startAgain();
                crowd.awaitAccepted(SOME);
                Evidence evidence = crowd.rest();
                report("failover to a replica that lacks the end", evidence);
                assertNoSilentGap(evidence);
            }
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
        File log = directory.resolve("node-" + nodes.size() + ".log").toFile();
        NodeProcess node = NodeProcess.start(redis, log);
        nodes.add(node);
        crowd.open(node);
    }

    private static void report(String fault, Evidence evidence) {
        System.out.println("faults: " + fault + ": " + evidence);
    }
}
