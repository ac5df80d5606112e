package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryTransport.UpgradeRefused;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I19: what was accepted is finished and delivered before the connections are closed. */
class DrainTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final CompletableFuture<Text> later = new CompletableFuture<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(ECHO, (session, text) -> text)
                            .onAsync(
                                    LATER,
                                    (session, text) -> later.thenApply(done -> {
                                        session.namespace().emit(SAID, new Text("emitted by the last event"));
                                        return done;
                                    }))));

    @Test
    void newClientsAreRefused() {
        var drained = realtime.realtime().drain(TEN);
        realtime.settle();
        assertThat(realtime.realtime().isOpen()).isFalse();
        UpgradeRefused refused = catchThrowableOfType(UpgradeRefused.class, () -> realtime.connect("/", "late"));
        assertThat(refused).isNotNull();
        assertThat(refused.reply().status()).isEqualTo(503);
        realtime.await(drained);
    }

    @Test
    void acceptedEventsAreFinishedAndDelivered() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        InMemoryConnection socket = ann.connection();
        TestReply<Text> reply = ann.ask(LATER, new Text("x"));
        TestReply<Text> behind = ann.ask(ECHO, new Text("behind"));
        var drained = realtime.realtime().drain(TEN).toCompletableFuture();
        realtime.advance(Duration.ofSeconds(1));
        assertThat(drained).isNotDone();
        later.complete(new Text("done"));
        realtime.settle();
        assertThat(socket.texts()).anyMatch(text -> text.contains("done"));
        assertThat(reply.count() + behind.count()).isEqualTo(2);
        assertThat(bob.received(SAID)).containsExactly(new Text("emitted by the last event"));
        realtime.advance(TEN);
        assertThat(drained).isDone();
        assertThat(ann.isConnected()).isFalse();
        assertThat(bob.isConnected()).isFalse();
    }

    @Test
    void clientsAreClosedInAWayThatMakesThemReconnect() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient poll = realtime.client().user("poll").polling(true).connect("/");
        var drained = realtime.realtime().drain(TEN);
        realtime.advance(TEN);
        realtime.await(drained);
        assertThat(ann.disconnectReason()).isEqualTo("transport close");
        assertThat(poll.disconnectReason()).isNotEqualTo("io server disconnect").isNotEmpty();
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void aHandlerThatNeverEndsIsNotWaitedForLongerThanAllowed() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("x"));
        var drained = realtime.realtime().drain(Duration.ofSeconds(2)).toCompletableFuture();
        realtime.advance(TEN);
        assertThat(drained).isDone();
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void aStalledClientDoesNotHoldTheDrain() {
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        Game.ticks(realtime, 0, 10);
        var drained = realtime.realtime().drain(Duration.ofSeconds(2)).toCompletableFuture();
        realtime.advance(Duration.ofSeconds(15));
        assertThat(drained).isDone();
    }

    @Test
    void drainingTwiceIsHarmless() {
        realtime.connect("/", "ann");
        var first = realtime.realtime().drain(TEN);
        var second = realtime.realtime().drain(TEN);
        realtime.advance(TEN);
        realtime.await(first);
        realtime.await(second);
    }
}
