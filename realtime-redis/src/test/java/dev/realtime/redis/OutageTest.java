package dev.realtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Position;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Retention;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** What becomes of two nodes when the real Redis between them fails. */
class OutageTest {
    private static final Retention RETENTION = new Retention(Duration.ofMinutes(2), 10_000, 64L << 20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> open = new ArrayList<>();
    private Node one;
    private Node two;
    private RedisServer server;

    /** A node: its backend, its log, and what came out of it. */
    static final class Node {
        final RedisBackend backend;
        final Log log;
        final List<PlacedEntry> seen = new CopyOnWriteArrayList<>();
        final List<String> epochs = new CopyOnWriteArrayList<>();

        Node(RedisOptions options, String name) {
            backend = RedisBackend.connect(options);
            backend.watch(() -> epochs.add(backend.epoch()));
            log = backend.log("/game", name, RETENTION);
            log.follow(log.tail(), (batch, through, done) -> {
                seen.addAll(batch);
                done.run();
            });
        }

        CompletableFuture<Position> emit(String text) {
            byte[] json = ("[\"" + text + "\"]").getBytes(UTF_8);
            return log.append(new LogEntry.Emit(Target.EVERYBODY, new EventData(json, List.of())))
                    .toCompletableFuture();
        }

        List<String> texts() {
            return seen.stream().map(Node::text).toList();
        }

        static String text(PlacedEntry placed) {
            String json = new String(((LogEntry.Emit) placed.entry()).event().json(), UTF_8);
            return json.substring(2, json.length() - 2);
        }

        List<Position> positions() {
            return seen.stream().map(PlacedEntry::position).toList();
        }
    }

    /** Impatient, so that an outage of the test is short. */
    static RedisOptions options(String url) {
        return RedisOptions.of(url)
                .timeout(Duration.ofMillis(300))
                .blockTime(Duration.ofMillis(200))
                .heartbeat(Duration.ofMillis(100))
                .probeInterval(Duration.ofMillis(100))
                .appendDeadline(Duration.ofSeconds(20));
    }

    static RedisOptions hasty(String url) {
        return options(url).appendDeadline(Duration.ofMillis(500));
    }

    private void start(RedisServer redis, RedisOptions options) {
        server = redis;
        open.add(redis);
        nodes(options);
    }

    private void nodes(RedisOptions options) {
        one = new Node(options, "one");
        open.add(one.backend);
        two = new Node(options, "two");
        open.add(two.backend);
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private void bothSee(List<String> texts) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(one.texts()).isEqualTo(texts);
            assertThat(two.texts()).isEqualTo(texts);
        });
    }

    private void bothAreIn(String formerEpoch) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(one.backend.isDegraded() || two.backend.isDegraded()).isFalse();
            assertThat(one.backend.epoch()).isNotEqualTo(formerEpoch).isEqualTo(two.backend.epoch());
        });
    }

    private void bothAreBackIn(String epoch) {
        for (Node node : List.of(one, two)) {
            await().atMost(PATIENCE).until(() -> node.backend.gaps() == 1 && !node.backend.isDegraded());
            assertThat(node.backend.epoch()).isEqualTo(epoch);
        }
    }

    private void positionsGrow() {
        for (Node node : List.of(one, two)) {
            assertThat(node.positions()).isSorted().doesNotHaveDuplicates();
        }
    }

    private static void all(List<CompletableFuture<Position>> stages) throws Exception {
        CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aRestartThatForgetsNothingLosesNothingDoublesNothingAndChangesNothing() throws Exception {
        RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        Thread restarts = new Thread(() -> {
            server.kill();
            server.startAgain();
        });
        for (int i = 0; i < 5_000; i++) {
            stages.add(one.emit(Integer.toString(i)));
            if (i == 2_000) {
                restarts.start();
            }
            if (i % 100 == 0) {
                stages.get(i / 2).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        all(stages);
        restarts.join();

        bothSee(numbers(0, 5_000));
        assertThat(one.positions())
                .isEqualTo(stages.stream().map(CompletableFuture::join).toList());
        positionsGrow();
        assertThat(one.backend.epoch()).isEqualTo(epoch);
        assertThat(two.backend.epoch()).isEqualTo(epoch);
        assertThat(one.epochs).isEmpty();
    }

    @Test
    void aRestartThatForgetsEverythingBeginsAnEpochAndPositionsGoOn() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        all(List.of(one.emit("a"), one.emit("b")));
        bothSee(List.of("a", "b"));

        server.kill();
        server.startAgain();
        bothAreIn(epoch);
        all(List.of(one.emit("c"), two.emit("d")));

        await().atMost(PATIENCE).until(() -> one.seen.size() == 4 && two.seen.size() == 4);
        assertThat(one.texts()).isEqualTo(two.texts()).startsWith("a", "b").contains("c", "d");
        positionsGrow();
        assertThat(one.epochs).contains(one.backend.epoch());
    }

    @Test
    void aFlushedDatabaseIsNoticedThoughNoConnectionBreaks() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        all(List.of(one.emit("a")));
        bothSee(List.of("a"));
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
        }
        bothAreIn(epoch);
    }

    @Test
    void anEvictedEpochIsNoticed() {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        try (Jedis jedis = server.jedis()) {
            jedis.del("realtime:epoch");
        }
        bothAreIn(epoch);
    }

    @Test
    void aStopWithinTheDeadlineLosesNothingAndChangesNothing() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        stages.add(one.emit("0"));
        all(stages);
        texts.add("0");
        // large enough that the server does not read all of what a connection holds at once
        for (int i = 1; i < 3_000; i++) {
            String text = i + "x".repeat(1_000);
            texts.add(text);
            stages.add(one.emit(text));
            if (i == 1_500) {
                server.stop();
            }
        }
        // until the writer has given up a connection whose entries lie before the stopped server
        await().atMost(PATIENCE).until(() -> !established(one));
        server.proceed();
        all(stages);
        bothSee(texts);
        positionsGrow();
        assertThat(one.backend.epoch()).isEqualTo(epoch);
        assertThat(one.epochs).isEmpty();
    }

    @Test
    void pastTheDeadlineANodeGoesOnAloneAndHasAGapOfItsOwnWhenRedisIsBack() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, hasty(redis.url()));
        String epoch = one.backend.epoch();
        all(List.of(one.emit("before")));
        bothSee(List.of("before"));

        server.stop();
        CompletableFuture<Position> waiting = one.emit("waiting");
        await().atMost(PATIENCE).until(one.backend::isDegraded);
        CompletableFuture<Position> alone = one.emit("alone");
        for (CompletableFuture<Position> stage : List.of(waiting, alone)) {
            await().atMost(PATIENCE).until(stage::isDone);
            assertThat(stage.handle((position, failure) -> failure).join())
                    .isInstanceOf(DeliveredLocallyException.class);
        }
        await().atMost(PATIENCE).until(() -> one.texts().equals(List.of("before", "waiting", "alone")));
        assertThat(two.texts()).containsExactly("before");
        assertThat(one.backend
                        .sessions()
                        .find("p")
                        .toCompletableFuture()
                        .handle((found, failure) -> failure)
                        .get())
                .isInstanceOf(BackendUnavailableException.class);

        server.proceed();
        bothAreBackIn(epoch);
        all(List.of(two.emit("after")));
        await().atMost(PATIENCE)
                .until(() -> one.texts().contains("after") && two.texts().contains("after"));
        assertThat(one.texts()).containsExactly("before", "waiting", "alone", "after");
        positionsGrow();
    }

    @Test
    void aFollowerBehindATrimmedStreamCostsItsOwnNodeOnly() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()));
        String epoch = one.backend.epoch();
        AtomicReference<Runnable> held = new AtomicReference<>();
        List<String> slow = new CopyOnWriteArrayList<>();
        one.log.follow(one.log.tail(), (batch, through, done) -> {
            batch.forEach(placed -> slow.add(Node.text(placed)));
            if (!held.compareAndSet(null, done)) {
                done.run();
            }
        });
        int many = 10_000; // more than a follower may have waiting
        for (int from = 0; from < many; from += 1_000) {
            List<CompletableFuture<Position>> stages = new ArrayList<>();
            for (int i = from; i < from + 1_000; i++) {
                stages.add(two.emit(Integer.toString(i)));
            }
            all(stages);
        }
        await().atMost(PATIENCE).until(() -> one.seen.size() == many && two.seen.size() == many);
        try (Jedis jedis = server.jedis()) {
            jedis.xtrim("socket.io", 10, false);
        }
        held.get().run();
        await().atMost(PATIENCE).until(() -> one.backend.gaps() == 1);
        all(List.of(two.emit("after")));
        await().atMost(PATIENCE).until(() -> slow.contains("after"));
        await().atMost(PATIENCE).until(() -> two.texts().contains("after"));
        assertThat(slow).hasSizeLessThan(many);
        assertThat(one.backend.epoch()).isEqualTo(epoch);
        assertThat(two.backend.epoch()).isEqualTo(epoch);
        assertThat(two.backend.gaps()).isZero();
    }

    @Test
    void anIdleNodeNoticesThatRedisIsGoneAndThatItIsBack() {
        RedisServer redis = RedisServer.start();
        start(redis, hasty(redis.url()));
        String epoch = one.backend.epoch();
        server.kill();
        await().atMost(PATIENCE).until(() -> one.backend.isDegraded() && two.backend.isDegraded());
        server.startAgain();
        bothAreIn(epoch);
    }

    @Test
    void aFullAppendQueueSaysSo() {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()).appendQueueEntries(100).appendQueueBytes(1 << 20));
        server.stop();
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            stages.add(one.emit(Integer.toString(i)));
        }
        assertThat(stages.get(199).handle((position, failure) -> failure).join())
                .isInstanceOf(AppendQueueFullException.class);
        await().atMost(PATIENCE).until(one.backend::isDegraded);
        server.proceed();
    }

    @Test
    void pastTheDeadlineANodeGoesOnAloneThoughItsWriterHasMoreThanAStoppedServerTakes() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, hasty(redis.url()));
        all(List.of(one.emit("before")));
        bothSee(List.of("before"));

        server.stop();
        List<String> texts = new ArrayList<>(List.of("before"));
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String text = i + "x".repeat(12 << 20);
            texts.add(text);
            stages.add(one.emit(text));
        }
        for (CompletableFuture<Position> stage : stages) {
            assertThat(stage.handle((position, failure) -> failure).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(DeliveredLocallyException.class);
        }
        await().atMost(PATIENCE).until(() -> one.texts().equals(texts));
        server.proceed();
    }

    @Test
    void aQueueThatWasFullAndHasDrainedIsNoReasonForAnOutage() throws Exception {
        RedisServer redis = RedisServer.start();
        start(redis, options(redis.url()).timeout(Duration.ofSeconds(10)).appendQueueEntries(100));
        String epoch = one.backend.epoch();
        server.stop();
        List<CompletableFuture<Position>> stages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            stages.add(one.emit(Integer.toString(i)));
        }
        assertThat(one.emit("refused").handle((position, failure) -> failure).join())
                .isInstanceOf(AppendQueueFullException.class);
        server.proceed();
        all(stages);

        try (Jedis jedis = server.jedis()) {
            jedis.clientKill(
                    ClientKillParams.clientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
        }
        all(List.of(one.emit("after")));
        assertThat(one.backend.isDegraded()).isFalse();
        assertThat(one.backend.gaps()).isZero();
        assertThat(one.backend.epoch()).isEqualTo(epoch);
    }

    @Test
    void sessionsAndLeasesSurviveAShortInterruption() throws Exception {
        RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        start(redis, options(redis.url()));
        server.kill();
        CompletableFuture<Boolean> renewed =
                one.backend.leases().renew("one", Duration.ofMinutes(1)).toCompletableFuture();
        server.startAgain();
        assertThat(renewed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
        assertThat(one.backend.leases().living().toCompletableFuture().get()).containsExactly("one");
    }

    /** Whether the writer has a connection: its client ids change. */
    private static boolean established(Node node) {
        return node.backend.isWriting();
    }

    @Test
    void aFailoverToAReplicaThatLacksTheEndIsNoticed() throws Exception {
        RedisServer master = RedisServer.start();
        open.add(master);
        RedisServer replica = RedisServer.replicaOf(master, "--appendonly", "yes", "--appendfsync", "always");
        open.add(replica);
        await().atMost(PATIENCE).until(() -> info(replica, "replication").contains("master_link_status:up"));
        RedisServer sentinel = RedisServer.sentinel("game", master);
        open.add(sentinel);
        await().atMost(PATIENCE).until(() -> info(sentinel, "sentinel").contains("slaves=1"));
        nodes(options("redis-sentinel://127.0.0.1:" + sentinel.port() + "/game"));
        String epoch = one.backend.epoch();
        all(List.of(one.emit("kept")));
        await().atMost(PATIENCE).until(() -> {
            try (Jedis jedis = replica.jedis()) {
                return jedis.xlen("socket.io") == 1;
            }
        });
        replica.kill();
        all(List.of(one.emit("lost")));
        bothSee(List.of("kept", "lost"));
        master.kill();
        replica.startAgain();
        sentinel.failOver("game");

        bothAreIn(epoch);
        all(List.of(two.emit("after")));
        await().atMost(PATIENCE)
                .until(() -> one.texts().contains("after") && two.texts().contains("after"));
        assertThat(one.texts()).containsExactly("kept", "lost", "after");
        assertThat(two.texts()).containsExactly("kept", "lost", "after");
        positionsGrow();
    }

    @Test
    void aFailoverToACompleteReplicaLosesNothingAndChangesNothing() throws Exception {
        RedisServer master = RedisServer.start();
        open.add(master);
        RedisServer replica = RedisServer.replicaOf(master);
        open.add(replica);
        await().atMost(PATIENCE).until(() -> info(replica, "replication").contains("master_link_status:up"));
        RedisServer sentinel = RedisServer.sentinel("game", master);
        open.add(sentinel);
        await().atMost(PATIENCE).until(() -> info(sentinel, "sentinel").contains("slaves=1"));
        nodes(options("redis-sentinel://127.0.0.1:" + sentinel.port() + "/game"));
        String epoch = one.backend.epoch();
        all(List.of(one.emit("a")));
        bothSee(List.of("a"));
        await().atMost(PATIENCE).until(() -> {
            try (Jedis jedis = replica.jedis()) {
                return jedis.xlen("socket.io") == 1 && epoch.equals(jedis.get("realtime:epoch"));
            }
        });
        master.kill();
        CompletableFuture<Position> during = one.emit("b");
        sentinel.failOver("game");
        all(List.of(during));
        bothSee(List.of("a", "b"));
        assertThat(one.backend.epoch()).isEqualTo(epoch);
        assertThat(two.backend.epoch()).isEqualTo(epoch);
    }

    private static String info(RedisServer server, String section) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info(section);
        }
    }

    private static List<String> numbers(int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }
}
