package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.health.HealthOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.MemoryAccount.Part;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I15 and I24: what clients that do not read make a node hold is bounded for all of them together, and the node says what it holds for what. */
class MemoryTest {
    private static final long LIMIT = 1 << 20;
    private static final int SIZE = 1_000;
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final List<String> suspended = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxOutboundBytes(LIMIT))
            .outbox(OutboxLimits.DEFAULT.maxBytes(16 << 20).maxMessages(100_000))
            .health(HealthOptions.DEFAULT.maxMemory(0.5))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onSuspend((session, reason) -> {
                                if (reason == DisconnectReason.SLOW_CONSUMER) {
                                    suspended.add(session.principal().id());
                                }
                            })
                            .on(ECHO, (session, text) -> text)));

    private List<TestClient> stalled(int count, String name) {
        List<TestClient> stalled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestClient client = realtime.connect("/", name + i);
            client.stall();
            stalled.add(client);
        }
        return stalled;
    }

    private void say(int times) {
        for (int i = 0; i < times; i++) {
            realtime.namespace("/").emit(SAID, new Text("x".repeat(SIZE)));
        }
        realtime.settle();
    }

    private Part outbound() {
        return realtime.realtime().memory().part("outbound");
    }

    private long count(String counter) {
        return realtime.realtime().stats().counters().get(counter);
    }

    @Test
    void whatManyDoNotReadIsHeldOnce() {
        stalled(100, "s");
        say(1);
        assertThat(outbound().used()).as("before anybody is behind").isZero();
        realtime.advance(MOMENT);
        say(99);
        assertThat(outbound().limit()).isEqualTo(LIMIT);
        assertThat(outbound().used()).isBetween(100L * SIZE, 100L * (SIZE + 100) + 100 * 300);
        assertThat(suspended).isEmpty();
    }

    @Test
    void whoReadsAgainOrGoesGivesItBack() {
        List<TestClient> stalled = stalled(10, "s");
        say(1);
        realtime.advance(MOMENT);
        say(20);
        assertThat(outbound().used()).isPositive();
        stalled.subList(0, 5).forEach(TestClient::resume);
        stalled.subList(5, 10).forEach(client -> client.connection().reset());
        realtime.settle();
        assertThat(outbound().used()).isZero();
        assertThat(stalled.get(0).received(SAID)).hasSize(21);
    }

    @Test
    void thoseWhoHoldMostGoBeforeTheOthersAndMissNothing() {
        TestClient bob = realtime.connect("/", "bob");
        List<TestClient> first = stalled(5, "first");
        say(1);
        realtime.advance(MOMENT);
        say(300);
        List<TestClient> later = stalled(5, "later");
        for (int i = 0; i < 60; i++) {
            say(10);
            assertThat(outbound().used()).isLessThanOrEqualTo(LIMIT);
            realtime.advance(MOMENT);
        }
        assertThat(suspended).containsExactlyInAnyOrder("first0", "first1", "first2", "first3", "first4");
        assertThat(count("outbound.disconnected")).isEqualTo(5);
        assertThat(count("outbox.overflow")).isZero();
        assertThat(bob.received(SAID)).hasSize(901);
        later.forEach(TestClient::resume);
        realtime.settle();
        assertThat(later.get(0).received(SAID)).hasSize(600);
        assertThat(outbound().used()).isZero();
        TestClient back = first.get(0);
        back.reconnect();
        assertThat(back.recovered()).as(back.toString()).isTrue();
        assertThat(back.received(SAID)).hasSize(901);
    }

    @Test
    void whatMayBeLostGoesBeforeAnybodyHasTo() {
        List<TestClient> stalled = stalled(10, "s");
        say(1);
        realtime.advance(MOMENT);
        for (int i = 0; i < 3_000; i++) {
            realtime.namespace("/").asVolatile().emit(SAID, new Text("v" + "x".repeat(SIZE)));
            if (i % 50 == 0) {
                realtime.settle();
                assertThat(outbound().used()).isLessThanOrEqualTo(LIMIT);
            }
        }
        realtime.settle();
        assertThat(suspended).isEmpty();
        assertThat(count("outbound.dropped")).isPositive();
        assertThat(count("outbound.disconnected")).isZero();
        say(1);
        stalled.get(0).resume();
        realtime.settle();
        assertThat(stalled.get(0).received(SAID).stream()
                        .filter(text -> !text.text().startsWith("v")))
                .hasSize(2);
    }

    @Test
    void tenThousandWhoReadNothingStayInsideItAndWhoReadsGetsAll() {
        TestRealtime crowd = TestRealtime.of(() -> Realtime.builder()
                        .limits(Limits.DEFAULT.maxOutboundBytes(1 << 20).handshakesPerSecond(1_000_000))
                        .namespace("/", game -> game.allowAnonymous()))
                .start();
        try (crowd) {
            for (int i = 0; i < 10_000; i++) {
                InMemoryConnection socket = crowd.transport()
                        .open(TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "websocket")
                                .from("10.0." + i / 100 + ".1")
                                .view());
                socket.send("40");
                if (i % 100 == 99) {
                    crowd.settle();
                }
                socket.stall();
            }
            TestClient bob = crowd.connect("/", "bob");
            long most = 0;
            for (int i = 0; i < 300; i++) {
                crowd.namespace("/").emit(SAID, new Text("event " + i));
                crowd.settle();
                Part held = crowd.realtime().memory().part("outbound");
                assertThat(held.used()).isLessThanOrEqualTo(held.limit());
                most = Math.max(most, held.used());
                crowd.advance(Duration.ofMillis(20));
            }
            assertThat(most).as("bytes").isGreaterThan(12 << 16);
            assertThat(bob.received(SAID)).hasSize(300);
            assertThat(crowd.realtime().stats().counters().get("outbound.disconnected"))
                    .isBetween(1_000L, 9_999L);
        }
    }

    @Test
    void theCheckOfMemorySaysWhatThereIsTooLittleOf() {
        stalled(1, "s");
        say(1);
        realtime.advance(MOMENT);
        say(700);
        List<HealthReport> reports = new ArrayList<>();
        realtime.realtime().health().thenAccept(reports::add);
        realtime.settle();
        assertThat(reports.get(0).checks().get("memory").isPassed()).isFalse();
        assertThat(reports.get(0).checks().get("memory").detail()).contains("outbound: ", " of 1048576 bytes");
    }

    @Test
    void eachPartHasItsNameAndItsBytes() {
        realtime.connect("/", "bob");
        say(10);
        assertThat(realtime.realtime().memory().parts().stream().map(Part::name))
                .containsExactly(
                        "arriving",
                        "connecting",
                        "opening",
                        "waiting",
                        "unread",
                        "outbound",
                        "replay",
                        "rates",
                        "presence",
                        "state",
                        "mail");
        Part replay = realtime.realtime().memory().part("replay");
        assertThat(replay.used()).isBetween(10L * SIZE, 20L * SIZE);
        assertThat(replay.limit()).isEqualTo(64L << 20);
        assertThat(replay.isRefused()).isFalse();
        assertThat(realtime.realtime().memory().used()).isGreaterThanOrEqualTo(replay.used());
        assertThat(realtime.realtime().memory().limit()).isGreaterThan(replay.limit() + LIMIT);
        assertThat(realtime.realtime().stats().gauges())
                .containsEntry("memory.used.replay", replay.used())
                .containsEntry("memory.limit.replay", replay.limit())
                .containsEntry("outbound.bytes", 0L)
                .containsEntry("outbound.limit", LIMIT)
                .doesNotContainKey("memory.limit.presence");
    }
}
