package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import dev.realtime.transport.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeartbeatTest {
    private final List<DisconnectReason> suspended = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> dev.realtime.Realtime.builder()
            .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(10)).timeout(Duration.ofSeconds(5)))
            .namespace("/", game -> game.allowAnonymous().onSuspend((session, reason) -> suspended.add(reason))));

    @Test
    void theServerPingsAtItsInterval() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(pings(ann.connection())).isZero();
        realtime.advance(Duration.ofMillis(10_100));
        assertThat(pings(ann.connection())).isEqualTo(1);
        realtime.advance(Duration.ofSeconds(100));
        assertThat(pings(ann.connection())).isBetween(10L, 11L);
    }

    @Test
    void aClientThatAnswersStaysForever() {
        TestClient ann = realtime.connect("/", "ann");
        realtime.advance(Duration.ofHours(2));
        assertThat(ann.isConnected()).isTrue();
        assertThat(suspended).isEmpty();
    }

    @Test
    void aClientOverPollingThatAnswersStaysForever() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        realtime.advance(Duration.ofMinutes(20));
        assertThat(ann.isConnected()).isTrue();
        assertThat(suspended).isEmpty();
    }

    @Test
    void aSilentClientIsGivenUpAfterIntervalAndTimeout() {
        TestClient ann = realtime.connect("/", "ann");
        ann.loseNetwork();
        realtime.advance(Duration.ofMillis(14_900));
        assertThat(suspended).isEmpty();
        realtime.advance(Duration.ofMillis(10_500));
        assertThat(suspended).containsExactly(DisconnectReason.PING_TIMEOUT);
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void aPongThatNobodyAskedForKeepsNobodyAlive() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        for (int i = 0; i < 30; i++) {
            if (pings(socket) == 0) {
                socket.send("3");
            }
            realtime.advance(Duration.ofSeconds(1));
        }
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void whatEndsGracefullyLeavesNoTimerBehind() {
        try (TestCluster cluster = TestCluster.of(1, Game::open)) {
            cluster.start();
            int before = cluster.node(0).timers();
            for (int i = 0; i < 30; i++) {
                cluster.connect(0, "/", "user" + i);
            }
            cluster.node(0).namespace("/").disconnect(true);
            cluster.advance(OutboxLimits.DEFAULT.stallTimeout().minusSeconds(1)); // ended sessions are forgotten before
            assertThat(cluster.node(0).realtime().stats().connections()).isZero();
            assertThat(cluster.node(0).timers()).isLessThan(before + 15);
        }
    }

    @Test
    void theTimeoutIsExactToTenMilliseconds() {
        for (int late = 0; late < 1_000; late += 170) {
            realtime.advance(Duration.ofMillis(late));
            TestClient ann = realtime.connect("/", "ann");
            suspended.clear();
            ann.loseNetwork();
            realtime.advance(Duration.ofMillis(14_999));
            assertThat(suspended).isEmpty();
            realtime.advance(Duration.ofMillis(12));
            assertThat(suspended).as("connected after %d ms", late).containsExactly(DisconnectReason.PING_TIMEOUT);
        }
    }

    @Test
    void aPongThatIsJustInTimeKeepsTheClient() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        realtime.advance(Duration.ofMillis(14_990));
        socket.send("3");
        realtime.advance(Duration.ofMillis(100));
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    void theClientNoticesAServerThatIsGone() {
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        realtime.advance(Duration.ofSeconds(16));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.disconnectReason()).isEqualTo("ping timeout");
    }

    private static long pings(InMemoryConnection socket) {
        return socket.texts().stream().filter("2"::equals).count();
    }
}
