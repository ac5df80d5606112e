package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ticks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.Overflow;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** I15: a slow consumer's bytes stay within its budget, and nobody else notices. */
class OutboxTest {
    private final List<DisconnectReason> suspended = new ArrayList<>();
    private OutboxLimits limits =
            OutboxLimits.DEFAULT.maxMessages(64).maxBytes(100_000).stallTimeout(Duration.ofSeconds(20));
    private final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .outbox(limits)
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onSuspend((session, reason) -> suspended.add(reason))
                            .on(ECHO, (session, text) -> text)));

    @AfterEach
    void stop() {
        realtime.close();
    }

    @Test
    void whatWaitsLeavesAsOneBatch() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        ticks(realtime, 0, 40);
        int before = ann.connection().batches().size();
        ann.resume();
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 40).boxed().toList());
        assertThat(ann.connection().batches().size() - before).isLessThanOrEqualTo(3);
    }

    @Test
    void aConnectionWhoseWritesEndLaterKeepsItsOrder() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.connection().slow();
        for (int i = 0; i < 60; i++) {
            realtime.namespace("/").emit(TICK, new Number(i));
        }
        realtime.settle();
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 60).boxed().toList());
    }

    @Test
    void aFullOutboxDropsVolatileEventsFirst() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        ticks(realtime, 0, 10);
        for (int i = 0; i < 500; i++) {
            realtime.namespace("/").asVolatile().emit(SAID, new Text("v" + i));
        }
        realtime.settle();
        ticks(realtime, 10, 50);
        ann.resume();
        assertThat(ann.isConnected()).isTrue();
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(ann.received(SAID)).hasSizeLessThan(64);
        assertThat(realtime.realtime().stats().counters().get("volatile.dropped"))
                .isPositive();
    }

    @Test
    void aSlowClientGetsOnlyTheLatestOfACoalescedKey() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        for (int i = 0; i < 200; i++) {
            realtime.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
            realtime.settle();
        }
        ann.resume();
        assertThat(Game.ticks(ann)).hasSizeLessThan(5).endsWith(199);
    }

    @Test
    void aClientThatStopsReadingIsDisconnectedWhenItsOutboxIsFullAndRecoversItAll() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        InMemoryConnection stuck = ann.connection();
        ann.stall();
        ticks(realtime, 0, 300);
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
        assertThat(Game.ticks(bob)).hasSize(300);
        realtime.advance(Duration.ofMinutes(1));
        assertThat(stuck.hasEnded()).as("its socket is closed").isTrue();
        assertThat(realtime.realtime().stats().connections()).isEqualTo(1);
        ann.reconnect();
        assertThat(ann.recovered()).as(ann.toString()).isTrue();
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 300).boxed().toList());
        assertThat(realtime.realtime().stats().counters().get("outbox.overflow"))
                .isPositive();
    }

    @Test
    void aFewLargeEventsFillItToo() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        for (int i = 0; i < 10; i++) {
            realtime.namespace("/").emit(SAID, new Text("x".repeat(20_000)));
        }
        realtime.settle();
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
    }

    @Test
    void aStalledReaderIsLetGoByItsDeadlineThoughLittleWaits() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        InMemoryConnection stuck = ann.connection();
        ann.stall();
        ticks(realtime, 0, 2);
        realtime.advance(Duration.ofSeconds(19));
        assertThat(suspended).isEmpty();
        realtime.advance(Duration.ofSeconds(3));
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
        realtime.advance(Duration.ofSeconds(30));
        assertThat(stuck.hasEnded()).isTrue();
    }

    @Test
    void withDropOldestTheConnectionStaysAndTheNewestArrive() {
        limits = limits.overflow(Overflow.DROP_OLDEST);
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        ticks(realtime, 0, 300);
        ann.resume();
        assertThat(ann.isConnected()).isTrue();
        List<Integer> got = Game.ticks(ann);
        assertThat(got).hasSizeLessThan(100).endsWith(298, 299).isSorted().doesNotHaveDuplicates();
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).as("never recovered across a gap").isFalse();
    }

    @Test
    void pollingHasTheSameBounds() {
        realtime.start();
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        ann.loseNetwork();
        ticks(realtime, 0, 400);
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
        ann.reconnect();
        assertThat(ann.recovered()).as(ann.toString()).isTrue();
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 400).boxed().toList());
    }
}
