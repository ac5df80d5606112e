package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Position;
import dev.realtime.redis.OutageTest.Node;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Nodes that append often and little, whose writers therefore read beside it. */
class BusyNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_NANOS = 100_000;

    private RedisServer redis;
    private Node one;
    private Node two;

    /** An application that emits one event after the other until it is stopped. */
    private static final class Chatter {
        private final List<CompletableFuture<Position>> stages = Collections.synchronizedList(new ArrayList<>());
        private final Thread thread;
        private volatile boolean stopped;

        Chatter(Node node, String name) {
            thread = new Thread(() -> {
                for (int i = 0; !stopped; i++) {
                    stages.add(node.emit(name + i));
                    LockSupport.parkNanos(BETWEEN_NANOS);
                }
            });
            thread.start();
        }

        /** Returns how many it has emitted, when all are stored. */
        int stop() throws InterruptedException {
            stopped = true;
            thread.join();
            await().atMost(PATIENCE)
                    .until(() ->
                            stages.stream().allMatch(stage -> stage.isDone() && !stage.isCompletedExceptionally()));
            return stages.size();
        }
    }

    @BeforeEach
    void start() {
        redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        one = new Node(OutageTest.options(redis.url()), "one");
        two = new Node(OutageTest.options(redis.url()), "two");
    }

    @AfterEach
    void close() {
        one.backend.close();
        two.backend.close();
        redis.close();
    }

    /** Readers alone would be two. */
    private void writersRead() {
        try (Jedis jedis = redis.jedis()) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.clientList()
                                    .lines()
                                    .filter(client -> client.contains("cmd=xread"))
                                    .count()
                            > 2);
        }
    }

    private void bothSeeAll(int ofOne, int ofTwo) {
        await().atMost(PATIENCE).until(() -> one.seen.size() >= ofOne + ofTwo && two.seen.size() >= ofOne + ofTwo);
        assertThat(one.positions()).isSorted().doesNotHaveDuplicates().isEqualTo(two.positions());
        assertThat(one.texts()).isEqualTo(two.texts()).hasSize(ofOne + ofTwo);
        inOrder("a", ofOne);
        inOrder("b", ofTwo);
    }

    private void inOrder(String name, int count) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expected.add(name + i);
        }
        assertThat(one.texts().stream().filter(text -> text.startsWith(name)).toList())
                .isEqualTo(expected);
    }

    @Test
    void whoReadsChangesWithTheLoadAndNothingIsLostDoubledOrMoved() throws InterruptedException {
        Chatter a = new Chatter(one, "a");
        writersRead();
        int ofOne = a.stop();
        Chatter b = new Chatter(two, "b"); // the reader of one has to be back
        writersRead();
        int ofTwo = b.stop();
        bothSeeAll(ofOne, ofTwo);

        Chatter more = new Chatter(one, "c");
        Chatter others = new Chatter(two, "d");
        writersRead();
        int all = ofOne + ofTwo + more.stop() + others.stop();
        await().atMost(PATIENCE).until(() -> one.seen.size() >= all && two.seen.size() >= all);
        assertThat(one.texts()).isEqualTo(two.texts()).hasSize(all).doesNotHaveDuplicates();
    }

    @Test
    void aRedisThatIsKilledWhileAWriterReadsCostsNothing() throws InterruptedException {
        Chatter a = new Chatter(one, "a");
        Chatter b = new Chatter(two, "b");
        writersRead();
        redis.kill();
        redis.startAgain();
        CompletableFuture<Position> behindTheStart = a.stages.get(a.stages.size() - 1);
        await().atMost(PATIENCE).until(behindTheStart::isDone);
        writersRead();
        bothSeeAll(a.stop(), b.stop());
    }
}
