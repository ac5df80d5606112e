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
import dev.realtime.spi.Backend;
import dev.realtime.spi.Queues;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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

    @Test
    void looksThatFailForWantOfMemoryLeaveRoomForLaterOnes() {
        AtomicBoolean full = new AtomicBoolean();
        TestRealtime alone = TestRealtime.of(MailLimitsTest::game)
                .backend(backend -> whileFull(full, Backend.class, backend, "queues"))
                .start();
        List<TestClient> clients = new ArrayList<>();
        full.set(true);
        for (int i = 0; i < 40; i++) { // more than look at a time
            clients.add(alone.connect("/", "u" + i));
        }
        alone.settle();
        full.set(false);
        alone.namespace("/").user("u7").emit(LETTER, new Text("hi"));
        alone.settle();
        assertThat(clients.get(7)
                        .nextRaw("offline_message_delivery")
                        .arguments()
                        .get(0)
                        .path("content")
                        .path("text")
                        .asText())
                .isEqualTo("hi");
        alone.close();
    }

    /** Fails as a JVM does whose heap is full: in a question to the queues. */
    @SuppressWarnings("unchecked")
    private static <T> T whileFull(AtomicBoolean full, Class<T> type, T of, String within) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (full.get() && method.getName().equals("take")) {
                throw new OutOfMemoryError("planted");
            }
            Object result = method.invoke(of, arguments);
            return method.getName().equals(within) ? whileFull(full, Queues.class, (Queues) result, "") : result;
        });
    }
}
