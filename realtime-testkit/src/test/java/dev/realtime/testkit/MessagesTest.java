package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the testkit says to somebody who uses it for the first time, when something is missing. */
class MessagesTest {
    record Ready(int round) {}

    private static final Request<Ready, Ready> READY = Request.of("match:ready", Ready.class, Ready.class);
    private static final Event<Ready> STARTED = Event.of("match:started", Ready.class);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(MessagesTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> {});
    }

    @Test
    void aClientIsShownByTheNameThatItWasGiven() {
        TestClient ann = realtime.connect("/", "ann");
        assertThatThrownBy(() -> ann.next(STARTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client 'ann' " + ann.id());
    }

    @Test
    void whoHasNotAnsweredIsNamedAndTheClockIsToBeAdvanced() {
        realtime.connect("/", "ann").answer(READY, ready -> ready);
        realtime.connect("/", "bob");
        var replies = realtime.namespace("/").request(READY, new Ready(1), Duration.ofSeconds(5));
        assertThatThrownBy(() -> realtime.await(replies))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("advance the clock")
                .hasMessageContaining("client 'bob' has not answered 'match:ready'")
                .hasMessageNotContaining("ann");
    }

    @Test
    void aClusterNamesThemToo() {
        TestCluster cluster = TestCluster.of(1, MessagesTest::game).start();
        cluster.connect(0, "/", "bob");
        var replies = cluster.node(0).namespace("/").request(READY, new Ready(1), Duration.ofSeconds(60));
        assertThatThrownBy(() -> cluster.await(replies))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client 'bob' has not answered 'match:ready'");
        assertThatThrownBy(() -> cluster.await(new CompletableFuture<>())).hasMessageContaining("advance the clock");
        cluster.close();
    }

    @Test
    void anExtensionThatIsNotRegisteredSaysSo() {
        TestRealtime forgotten = TestRealtime.of(MessagesTest::game);
        assertThatThrownBy(() -> forgotten.connect("/", "ann"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension")
                .hasMessageContaining("start()");
        TestCluster cluster = TestCluster.of(1, MessagesTest::game);
        assertThatThrownBy(() -> cluster.connect(0, "/", "ann"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension")
                .hasMessageContaining("start()");
    }

    @Test
    void anEngineThatIsStartedTwiceSaysSo() {
        assertThatThrownBy(realtime::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("JUnit starts it");
    }

    @Test
    void aNodeThatWasKilledIsNotOneThatWasNeverStarted() {
        TestCluster cluster = TestCluster.of(1, MessagesTest::game).start();
        cluster.node(0).kill();
        assertThatThrownBy(() -> cluster.node(0).realtime()).hasMessageContaining("it was killed or closed");
    }
}
