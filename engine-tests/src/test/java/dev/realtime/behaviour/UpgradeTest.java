package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.InMemoryTransport.UpgradeRefused;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpgradeTest {
    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(Game::open);

    @Test
    void aPollingClientUpgradesAndItsSessionGoesOn() {
        TestClient ann = realtime.client().user("ann").upgrading().connect("/");
        assertThat(ann.transport()).isEqualTo("websocket");
        assertThat(Game.session(realtime, ann).transport()).contains("websocket");
        assertThat(ann.request(ECHO, new Text("a"))).isEqualTo(new Text("a"));
        assertThat(realtime.realtime().stats().connections()).isEqualTo(1);
    }

    @Test
    void anUpgradeInTheMiddleOfABurstLosesAndReordersNothing() {
        for (int before = 0; before < 12; before++) {
            TestClient ann = realtime.client().user("ann").polling(true).connect("/");
            int number = 0;
            for (int i = 0; i < 5; i++) {
                realtime.namespace("/").emit(TICK, new Number(number++));
            }
            ann.beginUpgrade();
            for (int i = 0; i < 30; i++) {
                int value = number++;
                later(i + before, () -> realtime.namespace("/").emit(TICK, new Number(value)));
            }
            realtime.settle();
            assertThat(ann.transport()).isEqualTo("websocket");
            assertThat(Game.ticks(ann))
                    .as("%s steps between upgrade and burst", before)
                    .isEqualTo(IntStream.range(0, 35).boxed().toList());
            ann.closeConnection();
        }
    }

    @Test
    void whatTheClientSendsInTheMiddleOfAnUpgradeIsHandledInOrder() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        ann.beginUpgrade();
        List<TestReply<Text>> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            replies.add(ann.ask(ECHO, new Text("e" + i)));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(replies.get(i).value()).isEqualTo(new Text("e" + i));
        }
    }

    @Test
    void aPollAfterTheUpgradeIsRefused() {
        TestClient ann = realtime.client().user("ann").upgrading().connect("/");
        var poll = realtime.transport()
                .exchange(
                        TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "polling")
                                .query("sid", ann.connectionId())
                                .view(),
                        new byte[0]);
        realtime.settle();
        assertThat(poll.status()).isEqualTo(400);
        assertThat(ann.request(ECHO, new Text("unharmed"))).isEqualTo(new Text("unharmed"));
    }

    @Test
    void aRequestThatIsStillHeldAtTheUpgradeIsAnsweredWhenItIsOver() {
        TransportDoors doors = realtime.realtime().doors();
        TestRequest polling =
                TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "polling");
        InMemoryExchange handshake = realtime.transport().exchange(polling.view(), new byte[0]);
        realtime.settle();
        String sid = handshake.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        RequestView upgrade = TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .query("sid", sid)
                .view();
        InMemoryConnection webSocket = realtime.transport().open(upgrade);
        webSocket.send("2probe");
        realtime.settle();

        List<Object> answers = new ArrayList<>();
        doors.exchange(new HttpExchange() {
            @Override
            public RequestView request() {
                return polling.query("sid", sid).view();
            }

            @Override
            public CompletionStage<byte[]> body(int limit) {
                throw new IllegalStateException("a GET has no body");
            }

            /** A container may run whatever it likes here, somebody else's request for this very connection too. */
            @Override
            public void reply(HttpReply reply) {
                answers.add(CompletableFuture.supplyAsync(() ->
                                doors.upgrade(upgrade).toCompletableFuture().join())
                        .orTimeout(10, TimeUnit.SECONDS)
                        .handle((decision, failure) -> failure == null ? decision : failure)
                        .join());
            }

            @Override
            public void onAbort(Runnable gone) {}
        });
        webSocket.send("5");
        realtime.settle();
        assertThat(answers).singleElement().isInstanceOf(UpgradeDecision.Refused.class);
    }

    @Test
    void aSecondWebSocketForTheSameConnectionIsNotAccepted() {
        TestClient ann = realtime.client().user("ann").upgrading().connect("/");
        try {
            InMemoryConnection second = realtime.transport().open(upgradeOf(ann).view());
            second.send("2probe");
            second.send("5");
            realtime.settle();
            assertThat(second.texts()).doesNotContain("3probe");
            assertThat(second.isOpen()).isFalse();
        } catch (UpgradeRefused refused) {
            assertThat(refused.reply().status()).isEqualTo(400);
        }
        assertThat(ann.request(ECHO, new Text("unharmed"))).isEqualTo(new Text("unharmed"));
    }

    @Test
    void aClientMayUpgradeBeforeTheAnswerToItsProbeIsReportedAsWritten() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        InMemoryConnection probe = realtime.transport().open(upgradeOf(ann).view());
        probe.slow();
        probe.send("2probe");
        probe.send("5");
        realtime.namespace("/").emit(TICK, new Number(1));
        realtime.namespace("/").emit(TICK, new Number(2));
        realtime.settle();
        assertThat(realtime.transport().violations()).isEmpty();
        assertThat(probe.texts()).hasSize(3);
        assertThat(probe.texts().get(0)).isEqualTo("3probe");
        assertThat(probe.texts().get(1)).startsWith("42[\"tick\",{\"value\":1}");
        assertThat(probe.texts().get(2)).startsWith("42[\"tick\",{\"value\":2}");
    }

    @Test
    void oneProbeIsAnswered() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        InMemoryConnection probe = realtime.transport().open(upgradeOf(ann).view());
        probe.slow();
        probe.send("2probe");
        probe.send("2probe");
        realtime.settle();
        assertThat(realtime.transport().violations()).isEmpty();
        assertThat(probe.closeCode()).isEqualTo(1002);
        assertThat(ann.request(ECHO, new Text("unharmed"))).isEqualTo(new Text("unharmed"));
    }

    @Test
    void aProbeThatGoesNoFurtherIsClosedAndPollingGoesOn() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        InMemoryConnection probe = realtime.transport().open(upgradeOf(ann).view());
        probe.send("2probe");
        realtime.settle();
        realtime.advance(Duration.ofSeconds(11));
        assertThat(probe.isOpen()).isFalse();
        assertThat(ann.request(ECHO, new Text("polling"))).isEqualTo(new Text("polling"));
    }

    @Test
    void aResetInTheMiddleOfAnUpgradeLeavesPollingAsItWas() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        InMemoryConnection probe = realtime.transport().open(upgradeOf(ann).view());
        probe.send("2probe");
        realtime.settle();
        probe.reset();
        realtime.settle();
        Game.ticks(realtime, 0, 3);
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2);
    }

    @Test
    void aProbingSocketThatSpeaksRubbishIsClosedAlone() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        for (String rubbish : List.of("2", "42[\"say\",{\"text\":\"x\"}]", "2probe2", "")) {
            InMemoryConnection probe = realtime.transport().open(upgradeOf(ann).view());
            probe.send(rubbish);
            realtime.settle();
            assertThat(probe.isOpen()).as("after '%s'", rubbish).isFalse();
        }
        assertThat(ann.request(ECHO, new Text("polling"))).isEqualTo(new Text("polling"));
    }

    @Test
    void anUpgradeOfAnUnknownConnectionIsRefused() {
        assertThatThrownBy(() -> realtime.transport()
                        .open(TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "websocket")
                                .query("sid", "n0-00000000000009999")
                                .view()))
                .isInstanceOf(UpgradeRefused.class);
    }

    private static TestRequest upgradeOf(TestClient client) {
        return TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .query("sid", client.connectionId());
    }

    /** Runs a task after that many other steps of the executor. */
    private void later(int steps, Runnable task) {
        if (steps == 0) {
            realtime.executor().execute(task);
        } else {
            realtime.executor().execute(() -> later(steps - 1, task));
        }
    }
}
