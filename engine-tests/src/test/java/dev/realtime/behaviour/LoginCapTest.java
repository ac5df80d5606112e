package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A user has at most so many sessions in a namespace, on all nodes together (I12 for more than one). */
class LoginCapTest {
    private static final Event<String> FORCE_DISCONNECT = Event.of("force_disconnect", String.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration BEGUN = Duration.ofSeconds(15); // whoever logs in has begun by then, or never does

    private static TestCluster cluster(SingleLogin who, Recovery recovery) {
        return TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(who).maxLogins(2))
                                .recovery(recovery)
                                .namespace("/", game -> {}))
                .start();
    }

    private static String refusal(TestClient client) {
        return client.connectError().map(ConnectError::message).orElse("");
    }

    private static long connected(TestClient... clients) {
        return Stream.of(clients).filter(TestClient::isConnected).count();
    }

    @Test
    void theOldestGoesWhenOneIsTooMany() {
        try (TestCluster cluster = cluster(SingleLogin.NEWER_WINS, Recovery.DEFAULT)) {
            TestClient phone = cluster.connect(0, "/", "bob");
            TestClient tablet = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(connected(phone, tablet)).isEqualTo(2);

            TestClient laptop = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(connected(tablet, laptop)).isEqualTo(2);
            assertThat(phone.isConnected()).isFalse();
            assertThat(phone.next(FORCE_DISCONNECT)).isEqualTo("New login detected");
        }
    }

    @Test
    void theNewestIsRefusedUntilOneOfTheOthersHasGone() {
        try (TestCluster cluster = cluster(SingleLogin.OLDER_WINS, Recovery.DEFAULT)) {
            TestClient phone = cluster.connect(0, "/", "bob");
            TestClient tablet = cluster.connect(1, "/", "bob");
            cluster.advance(BEGUN);
            TestClient laptop = cluster.connect(0, "/", "bob");
            assertThat(refusal(laptop)).isEqualTo("Logged in elsewhere");
            assertThat(connected(phone, tablet)).isEqualTo(2);

            phone.disconnect();
            cluster.advance(SECOND);
            assertThat(cluster.connect(0, "/", "bob").isConnected()).isTrue();
            assertThat(tablet.isConnected()).isTrue();
        }
    }

    /** What is kept of one user is bounded, and has room for what is decided about it. */
    @Test
    void whoLogsInUnderManyNamesOfAPatternFillsNothing() {
        try (TestCluster cluster = TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                                .recovery(Recovery.within(SECOND))
                                .namespaces(Pattern.compile("/match-[0-9a-z]+"), game -> {}))
                .start()) {
            String longName = "x".repeat(100);
            for (int i = 0; i < 120; i++) { // one after another
                TestClient client = cluster.connect(i % 2, "/match-" + i + longName, "bob");
                assertThat(client.isConnected()).as("the login %s", i).isTrue();
                client.disconnect();
                cluster.advance(SECOND);
            }
            cluster.await(cluster.node(0).realtime().users().user("bob").mute(Duration.ofHours(1)));

            String refusal = "";
            for (int i = 0; i < 200 && refusal.isEmpty(); i++) { // together
                refusal = refusal(cluster.connect(i % 2, "/match-b" + i + longName, "bob"));
                cluster.advance(SECOND);
            }
            assertThat(refusal).isEqualTo("Too many connections");
            cluster.await(cluster.node(0).realtime().users().user("bob").restrict(Duration.ofHours(1)));
            assertThat(cluster.connect(0, "/match-c", "ann").isConnected()).isTrue();
        }
    }

    @Test
    void ofManyAtTheSameMomentAsManyStayAsMay() {
        try (TestCluster cluster = cluster(SingleLogin.NEWER_WINS, Recovery.DEFAULT)) {
            cluster.latency(Duration.ofMillis(1), Duration.ofMillis(80));
            TestClient[] clients = new TestClient[6];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = cluster.client(i % 2).user("bob").connect("/");
            }
            cluster.advance(Duration.ofSeconds(5));
            assertThat(connected(clients)).isEqualTo(2);
        }
    }

    @Test
    void whoComesBackIsNoneMore() {
        try (TestCluster cluster = cluster(SingleLogin.NEWER_WINS, Recovery.DEFAULT)) {
            TestClient phone = cluster.connect(0, "/", "bob");
            TestClient tablet = cluster.connect(1, "/", "bob");
            phone.dropConnection();
            phone.reconnect(1);
            assertThat(phone.recovered()).isTrue();
            cluster.backend().loseLogs(); // nobody's session can go on exactly
            cluster.advance(Duration.ofSeconds(5));
            phone.reconnect(0);
            tablet.reconnect(1);
            cluster.advance(SECOND);
            assertThat(phone.recovered()).isFalse();
            assertThat(connected(phone, tablet)).isEqualTo(2);
            assertThat(tablet.has(FORCE_DISCONNECT)).isFalse();
        }
    }

    @Test
    void aStoreThatHasLostTheLoginsIsToldAgain() {
        try (TestCluster cluster = cluster(SingleLogin.NEWER_WINS, Recovery.off())) {
            TestClient phone = cluster.connect(0, "/", "bob");
            TestClient tablet = cluster.connect(1, "/", "bob");
            cluster.backend().lose();
            cluster.advance(Duration.ofSeconds(5));
            assertThat(connected(phone, tablet)).isEqualTo(2);
            TestClient laptop = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            assertThat(laptop.isConnected()).isTrue();
            assertThat(connected(phone, tablet)).isEqualTo(1);
        }
    }

    @Test
    void aNumberOutOfRangeIsNamed() {
        assertThatThrownBy(() -> UserRules.DEFAULT.maxLogins(17))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UserRules.maxLogins");
    }
}
