package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.backend.Line.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A limit counts what a user sends on all nodes together, unless it says that each node counts alone. */
class ClusterLimitsTest {
    private static final Request<Text, Text> SAY = request("say", RateLimit.perMinute(20));
    private static final Request<Text, Text> VOTE = request("vote", RateLimit.perHour(20));
    private static final Request<Text, Text> CHAT =
            request("chat", RateLimit.perMinute(20).perHour(100).burst(5));
    private static final Request<Text, Text> INVITE =
            request("invite", RateLimit.perMinute(5).perHour(20).burst(2).cooldown(Duration.ofSeconds(10)));
    private static final Request<Text, Text> MOVE = request("move", RateLimit.perMinute(6_000));
    private static final Request<Text, Text> LOOK =
            request("look", RateLimit.perMinute(20).perNode());
    private static final Request<Text, Text> SEVEN =
            request("seven", RateLimit.perMinute(5).perHour(7).burst(2));

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(5, this::game);

    private final List<String> handled = new ArrayList<>();

    private static Request<Text, Text> request(String name, RateLimit limit) {
        return Request.of(name, Text.class, Text.class).limit(limit);
    }

    private RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> {
            for (var event : List.of(SAY, VOTE, CHAT, INVITE, MOVE, LOOK, SEVEN)) {
                game.on(event, (session, text) -> {
                    handled.add(text.text());
                    return text;
                });
            }
        });
    }

    private static long retryAfter(TestClient client, Request<Text, Text> event) {
        return client.ask(event, new Text("x"))
                .answer()
                .get(0)
                .path("error")
                .path("retryAfterMs")
                .asLong();
    }

    private static boolean isAdmitted(TestReply<Text> reply) {
        return reply.isAnswered() && reply.answer().get(0).path("error").isMissingNode();
    }

    private static int admitted(TestClient client, Request<Text, Text> event, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += retryAfter(client, event) == 0 ? 1 : 0;
        }
        return admitted;
    }

    private long counter(int node, String name) {
        return cluster.node(node).realtime().stats().counters().get(name);
    }

    private long gauge(int node, String name) {
        return cluster.node(node).realtime().stats().gauges().get(name);
    }

    @Test
    void aUserOnTwoNodesIsAdmittedTheCountOnce() {
        TestClient here = cluster.connect(0, "/", "ann");
        TestClient there = cluster.connect(1, "/", "ann");
        int admitted = 0;
        for (int i = 0; i < 30; i++) {
            admitted += admitted(here, SAY, 1) + admitted(there, SAY, 1);
        }
        assertThat(admitted).isEqualTo(20);
        assertThat(admitted(cluster.connect(1, "/", "bob"), SAY, 30)).isEqualTo(20);
        cluster.advance(Duration.ofSeconds(77)); // a minute, and as long as a share may last
        assertThat(admitted(there, SAY, 30)).isEqualTo(20);
    }

    /** When so many events are admitted, in milliseconds, if each is sent by a new session on the next node as soon as it may be. */
    private List<Long> admittedByTurns(Request<Text, Text> event, int nodes, int events) {
        List<Long> admitted = new ArrayList<>();
        long now = 0;
        for (int node = 0; admitted.size() < events; node = (node + 1) % nodes) {
            TestClient ann = cluster.connect(node, "/", "user of " + nodes);
            long wait = retryAfter(ann, event);
            if (wait == 0) {
                admitted.add(now);
            }
            ann.disconnect();
            cluster.advance(Duration.ofMillis(wait));
            now += wait;
        }
        return admitted;
    }

    @Test
    void whoChangesTheNodeWithEachEventIsAdmittedAsOnOneNode() {
        for (Request<Text, Text> event : List.of(CHAT, INVITE, SEVEN)) {
            assertThat(admittedByTurns(event, 2, 50)).as(event.name()).isEqualTo(admittedByTurns(event, 1, 50));
        }
    }

    @Test
    void whatIsReservedGoesWithTheLastSession() {
        TestClient here = cluster.connect(0, "/", "ann");
        assertThat(admitted(here, SAY, 5)).isEqualTo(5);
        here.disconnect();
        assertThat(admitted(cluster.connect(1, "/", "ann"), SAY, 30)).isEqualTo(15);
    }

    @Test
    void whatAKilledNodeHadReservedIsFreeWhenItsTimeIsOver() {
        TestClient here = cluster.connect(0, "/", "ann");
        assertThat(admitted(here, SAY, 5)).isEqualTo(5);
        cluster.node(0).kill();
        TestClient there = cluster.connect(1, "/", "ann");
        assertThat(admitted(there, SAY, 30)).isBetween(1, 15);
        cluster.advance(Duration.ofSeconds(60 + 15));
        assertThat(admitted(there, SAY, 30)).isEqualTo(20);
    }

    @Test
    void anEventThatWaitsForOtherNodesIsHandledInItsTurn() {
        cluster.latency(Duration.ofMillis(20), Duration.ofMillis(50));
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(Duration.ofSeconds(1));
        List<TestReply<Text>> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(ann.ask(i % 2 == 0 ? SAY : LOOK, new Text("" + i)));
        }
        assertThat(handled).isEmpty();
        cluster.advance(Duration.ofSeconds(2));
        assertThat(handled).containsExactly("0", "1", "2", "3", "4");
        assertThat(replies).allMatch(TestReply::isAnswered);
    }

    @Test
    void nodesThatAreCutOffOneAfterTheOtherAdmitTheirPartOfAllThatThereWere() {
        List<TestClient> ann = new ArrayList<>();
        for (int node = 0; node < 5; node++) {
            ann.add(cluster.connect(node, "/", "ann"));
        }
        cluster.advance(Duration.ofSeconds(15));
        int admitted = admitted(ann.get(4), VOTE, 30);
        List<TestReply<Text>> tries = new ArrayList<>();
        for (int node = 0; node < 5; node++) {
            cluster.node(node).partition();
            for (int i = 0; i < 30; i++) {
                tries.add(ann.get(node).ask(VOTE, new Text("x")));
            }
            cluster.advance(Duration.ofSeconds(40)); // its lease is over, and the others have looked around
        }
        for (TestReply<Text> reply : tries) {
            admitted += isAdmitted(reply) ? 1 : 0;
        }
        assertThat(admitted)
                .as("the count, and a fifth for each that is cut off")
                .isLessThanOrEqualTo(2 * 20);
    }

    @Test
    void aNodeThatIsCutOffAdmitsItsPart() {
        TestClient here = cluster.connect(0, "/", "ann");
        TestClient there = cluster.connect(1, "/", "ann");
        assertThat(admitted(here, SAY, 1) + admitted(there, SAY, 1)).isEqualTo(2);
        cluster.advance(Duration.ofSeconds(80));
        cluster.node(1).partition();
        TestReply<Text> waits = there.ask(SAY, new Text("x"));
        cluster.advance(Duration.ofMillis(999));
        assertThat(waits.isAnswered()).isFalse();
        cluster.advance(Duration.ofMillis(1));
        assertThat(waits.isAnswered()).isTrue();
        assertThat(admitted(there, SAY, 30))
                .as("a fifth of it, and one is gone")
                .isEqualTo(3);
        assertThat(counter(1, "limits.degraded")).isEqualTo(4);
        assertThat(gauge(1, "limits.alone")).isOne();
        cluster.node(1).heal();
        cluster.advance(Duration.ofSeconds(3));
        assertThat(gauge(1, "limits.alone")).isZero();
        assertThat(admitted(there, SAY, 5)).isEqualTo(5);
        assertThat(admitted(here, SAY, 30))
                .as("what was admitted meanwhile counts")
                .isLessThanOrEqualTo(5);
    }

    @Test
    void whoSendsSteadilyCostsFewRoundTrips() {
        TestClient here = cluster.connect(0, "/", "ann");
        TestClient there = cluster.connect(1, "/", "ann");
        for (int i = 0; i < 1_500; i++) {
            assertThat(admitted(i % 2 == 0 ? here : there, MOVE, 1)).isOne();
            cluster.advance(Duration.ofMillis(20));
        }
        int asked = cluster.node(0).line().asked(Traffic.VALUES)
                + cluster.node(1).line().asked(Traffic.VALUES);
        assertThat(asked).isLessThan(1_500 / 20);
        assertThat(gauge(0, "limits.shares")).isOne();
    }

    @Test
    void aLimitPerNodeAsksNobody() {
        assertThat(admitted(cluster.connect(0, "/", "ann"), LOOK, 30)).isEqualTo(20);
        assertThat(admitted(cluster.connect(1, "/", "ann"), LOOK, 30)).isEqualTo(20);
        assertThat(counter(0, "limits.exchanged")).isZero();
    }

    @Test
    void aNodeThatStopsGivesItsSharesBack() {
        TestClient here = cluster.connect(0, "/", "ann");
        assertThat(admitted(here, SAY, 5)).isEqualTo(5);
        cluster.node(0).close();
        assertThat(admitted(cluster.connect(1, "/", "ann"), SAY, 30)).isEqualTo(15);
    }
}
