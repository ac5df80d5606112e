package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.mail.MailOptions;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients that do not take their mail cost a node and the log. */
class MailLimitsTest {
    private static final Event<Text> LETTER = Event.of("letter", Text.class).persistOffline();
    private static final Request<Text, Text> ASK = Request.of("ask", Text.class, Text.class);
    private static final int HELD = 16 << 20;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, MailLimitsTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .limits(Limits.DEFAULT.maxInboundBytes(HELD))
                .namespace("/", game -> game.mail(MailOptions.DEFAULT.pace(Duration.ZERO)));
    }

    private void send(String user, String text) {
        cluster.await(cluster.node(1).namespace("/").user(user).emit(LETTER, new Text(text)));
    }

    private int logged() {
        return cluster.backend().entries("/").size();
    }

    @Test
    void mailThatWaitsForStalledClientsIsBoundedForTheNode() {
        for (int i = 0; i < 40; i++) {
            cluster.client(0).user("u" + i).from("203.0.113.7").connect("/").stall();
        }
        for (int i = 0; i < 40; i++) {
            send("u" + i, "x".repeat(900_000));
        }
        cluster.settle();
        assertThat(cluster.node(0).realtime().stats().gauges().get("outbox.bytes"))
                .isLessThan(HELD);
        assertThat(cluster.await(cluster.node(1).namespace("/").mail().count("u39")))
                .as("it is kept")
                .isOne();
    }

    @Test
    void aClientThatHasAllTheQuestionsItMayHaveFillsNoLog() {
        Postbox bob = Postbox.silent(cluster, 0, "bob");
        Session session = cluster.node(0).namespace("/").sessions().get(0);
        for (int i = 0; i < 2_000; i++) {
            session.request(ASK, new Text("?"), Duration.ofMinutes(10)).exceptionally(failure -> null);
        }
        cluster.settle();
        send("bob", "hi");
        int before = logged();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(logged()).isEqualTo(before);
        assertThat(bob.texts()).doesNotContain("hi");
        cluster.advance(Duration.ofMinutes(10));
        assertThat(bob.texts()).as("when they are over").contains("hi");
    }

    @Test
    void toldThatAllHasComeAClientCostsTheLogNothing() {
        send("bob", "1");
        int before = logged();
        Postbox bob = Postbox.of(cluster, 0, "bob");
        cluster.advance(Duration.ofSeconds(1));
        assertThat(bob.counts()).containsExactly(1);
        assertThat(logged()).isEqualTo(before);
    }
}
