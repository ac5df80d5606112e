package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.faults.LeakNode.Held;
import dev.realtime.redis.server.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Clients come, join, say something and go, in every way there is, on a node with a real Redis: what it holds in the end is what it held behind the first
 * fifth of them. {@code -Drealtime.leaks.cycles=1000000} is for a night.
 */
@Tag("faults")
class LeaksIT {
    private static final int CYCLES = Integer.getInteger("realtime.leaks.cycles", 100_000);
    private static final int AT_ONCE = 16;
    private static final int USERS = 500;
    private static final long REPLAY_OF_A_FEW = 32 << 10;
    private static final long FOR_EVER = -1;
    /** Fifty bytes of each cycle would be more. */
    private static final long HEAP_SLACK = 4 << 20;

    @Test
    void nothingIsLeftOfThoseWhoHaveGone(@TempDir Path directory) throws Exception {
        try (RedisServer redis = RedisServer.start();
                NodeProcess node = NodeProcess.start(
                        LeakNode.class, directory.resolve("node.log").toFile(), redis.url())) {
            cycles(node.port(), CYCLES / 5);
            Held before = atRest(node);
            Map<String, Long> keysBefore = keys(redis);
            cycles(node.port(), CYCLES - CYCLES / 5);
            Held after = atRest(node);
            System.out.println("[leaks] " + CYCLES + " cycles: " + before + " -> " + after);
            assertThat(after.heap()).as("heap: %s -> %s", before, after).isLessThan(before.heap() + HEAP_SLACK);
            assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 4);
            assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + 8);
            after.gauges()
                    .forEach((gauge, value) -> assertThat(value)
                            .as("%s: %s -> %s", gauge, before, after)
                            .isLessThanOrEqualTo(before.gauges().getOrDefault(gauge, 0L) + slack(gauge)));
            Map<String, Long> keysAfter = keys(redis);
            System.out.println("[leaks] keys " + keysBefore + " -> " + keysAfter);
            keysAfter.forEach((kind, count) -> assertThat(count)
                    .as("keys of Redis: %s -> %s", keysBefore, keysAfter)
                    .isLessThanOrEqualTo(keysBefore.getOrDefault(kind, 0L) + USERS / 10));
        }
    }

    /** Budgets of users are remembered for as long as they count, and so are there or not; the rest is what the last few clients have. */
    private static long slack(String gauge) {
        boolean bytes = gauge.contains("bytes") || gauge.startsWith("memory.used");
        if (gauge.contains("rates")) {
            return bytes ? 2 << 20 : 10L * USERS;
        }
        return bytes ? 64 << 10 : USERS / 10;
    }

    /**
     * How many keys of each kind there are, without those that say for an hour what has ended: of a session, that it was removed by its owner, and of an entry
     * with an id, that it is in the log. Those without an end are a kind of their own.
     */
    private static Map<String, Long> keys(RedisServer redis) {
        Map<String, Long> kinds = new TreeMap<>();
        try (Jedis jedis = redis.jedis()) {
            ScanParams page = new ScanParams().count(1_000);
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> found = jedis.scan(cursor, page);
                cursor = found.getCursor();
                List<Response<Long>> lives = new ArrayList<>();
                try (Pipeline pipeline = jedis.pipelined()) {
                    found.getResult().forEach(key -> lives.add(pipeline.ttl(key)));
                }
                for (int i = 0; i < lives.size(); i++) {
                    String key = found.getResult().get(i);
                    long life = lives.get(i).get();
                    if (life >= FOR_EVER && !isMark(key)) {
                        kinds.merge(life == FOR_EVER ? "for ever" : kind(key), 1L, Long::sum);
                    }
                }
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        }
        return kinds;
    }

    private static boolean isMark(String key) {
        return key.startsWith("realtime:session:") || key.startsWith("realtime:once:");
    }

    private static String kind(String key) {
        return key.replaceFirst("^((?:[a-z]+:){1,3}).*", "$1");
    }

    /** Behind everything that is kept for a while: that is looked at when something comes. */
    private static Held atRest(NodeProcess node) throws Exception {
        await("what is kept for a while is forgotten")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    Held held = LeakNode.parse(node.ask(LeakNode.HELD));
                    boolean gone = held.sessions() == 0;
                    // a fast machine has more clients within the window of a rate
                    boolean forgotten = held.gauges().getOrDefault("memory.used.replay", 0L) < REPLAY_OF_A_FEW
                            && held.gauges().getOrDefault("limits.rates", 0L) < 5L * USERS;
                    if (gone && !forgotten) {
                        cycles(node.port(), AT_ONCE);
                    }
                    return gone && forgotten;
                });
        return LeakNode.parse(node.ask(LeakNode.HELD));
    }

    private static void cycles(int port, int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int part = 0; part < AT_ONCE; part++) {
                int first = part;
                parts.add(threads.submit(() -> {
                    for (int i = first; i < count; i += AT_ONCE) {
                        cycle(port, i, first);
                    }
                    return null;
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** @param part of the users, so that no two come at once under one name */
    private static void cycle(int port, int number, int part) throws IOException {
        Random random = new Random(number);
        String user = "u" + (random.nextInt(USERS / AT_ONCE) * AT_ONCE + part);
        int kind = random.nextInt(8);
        if (kind == 0) {
            PassingClient.abandonedPoll(port);
            return;
        }
        try (PassingClient client = new PassingClient(port)) {
            if (kind == 1) {
                client.send("40/nowhere,");
                client.awaitText("44/nowhere,");
                return;
            }
            client.send("40{\"user\":\"" + user + "\"}");
            String connected = client.awaitText("40{");
            client.send(
                    random.nextBoolean() ? "420[\"say\",\"m" + number + "\"]" : "420[\"once\",\"k" + number + "\"]");
            client.awaitText("430[");
            if (kind < 5) {
                client.send("41");
                return;
            }
            client.close();
            if (kind == 5) {
                return; // its session waits for it, in vain
            }
            String pid = connected.substring(connected.indexOf("\"pid\":\"") + 7);
            comeBack(port, user, pid.substring(0, pid.indexOf('"')));
        }
    }

    private static void comeBack(int port, String user, String pid) throws IOException {
        try (PassingClient again = new PassingClient(port)) {
            again.send("40{\"user\":\"" + user + "\",\"pid\":\"" + pid + "\"}");
            again.awaitText("40{");
            again.send("41");
        }
    }
}
