package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.DOUBLE;
import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Replies;
import dev.realtime.RequestFailedException;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClientRequestTest {
    private static final Duration FIVE = Duration.ofSeconds(5);

    private final List<String> ends = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime =
            TestRealtime.of(() -> Game.open(game -> game.onDisconnect((session, reason) -> ends.add(reason.code()))));

    @Test
    void aClientAnswersTheServer() {
        TestClient ann = realtime.connect("/", "ann");
        ann.answer(DOUBLE, number -> new Number(number.value() * 2));
        assertThat(realtime.await(Game.session(realtime, ann).request(DOUBLE, new Number(21), FIVE)))
                .isEqualTo(new Number(42));
    }

    @Test
    void aClientThatDoesNotAnswerInTimeIsATimeout() {
        TestClient ann = realtime.connect("/", "ann");
        CompletionStage<Number> asked = Game.session(realtime, ann).request(DOUBLE, new Number(1), FIVE);
        realtime.advance(FIVE.minusMillis(1));
        assertThat(asked.toCompletableFuture()).isNotDone();
        realtime.advance(Duration.ofMillis(1));
        assertFailed(asked, RequestFailedException.Reason.TIMEOUT);
    }

    @Test
    void anAnswerAfterTheTimeoutChangesNothing() {
        TestClient ann = realtime.connect("/", "ann");
        CompletionStage<Number> asked = Game.session(realtime, ann).request(DOUBLE, new Number(1), FIVE);
        realtime.advance(FIVE);
        ReceivedEvent event = ann.nextRaw("double");
        ann.acknowledge(event.ackId(), new Number(2));
        assertFailed(asked, RequestFailedException.Reason.TIMEOUT);
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void aClientThatLosesItsConnectionDoesNotAnswer() {
        TestClient ann = realtime.connect("/", "ann");
        CompletionStage<Number> asked = Game.session(realtime, ann).request(DOUBLE, new Number(1), FIVE);
        realtime.settle();
        ann.dropConnection();
        assertFailed(asked, RequestFailedException.Reason.DISCONNECTED);
    }

    @Test
    void aSuspendedSessionIsNotAsked() {
        TestClient ann = realtime.connect("/", "ann");
        var session = Game.session(realtime, ann);
        ann.dropConnection();
        assertFailed(session.request(DOUBLE, new Number(1), FIVE), RequestFailedException.Reason.DISCONNECTED);
    }

    @Test
    void aQuestionThatNobodyWaitsForAnyMoreIsNotPut() {
        try (TestCluster cluster = TestCluster.of(1, Game::open).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            var session = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
            cluster.latency(Duration.ofMillis(200), Duration.ofMillis(200));
            var emitted = session.emit(Game.TICK, new Number(1)); // the question is behind it, and it has no place yet
            CompletionStage<Number> asked = session.request(DOUBLE, new Number(1), Duration.ofMillis(100));
            cluster.advance(Duration.ofMillis(100));
            assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
            cluster.await(emitted);
            assertThat(ann.has(Game.TICK)).isTrue();
            assertThat(ann.received()).extracting(ReceivedEvent::name).doesNotContain("double");
        }
    }

    @Test
    void anAnswerThatDoesNotFitIsABadReply() {
        TestClient ann = realtime.connect("/", "ann");
        CompletionStage<Number> asked = Game.session(realtime, ann).request(DOUBLE, new Number(1), FIVE);
        realtime.settle();
        ann.acknowledge(ann.nextRaw("double").ackId(), "two");
        assertFailed(asked, RequestFailedException.Reason.BAD_REPLY);
    }

    @Test
    void forgedAndRepeatedAcknowledgementsAreIgnored() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient eve = realtime.connect("/", "eve");
        CompletionStage<Number> asked = Game.session(realtime, ann).request(DOUBLE, new Number(1), FIVE);
        realtime.settle();
        long id = ann.nextRaw("double").ackId();
        eve.acknowledge(id, new Number(666));
        eve.acknowledge(id + 1, new Number(666));
        assertThat(asked.toCompletableFuture()).isNotDone();
        ann.acknowledge(id, new Number(2));
        ann.acknowledge(id, new Number(3));
        assertThat(realtime.await(asked)).isEqualTo(new Number(2));
    }

    @Test
    void whoAnswersWithoutEndWhatNobodyAskedIsDisconnected() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient eve = realtime.connect("/", "eve");
        for (int i = 0; i < 300; i++) {
            eve.acknowledge(1_000 + i, new Number(i));
        }
        assertThat(eve.request(ECHO, new Text("here"))).isEqualTo(new Text("here"));
        eve.acknowledge(7, new Number(7));
        realtime.settle();
        assertThat(eve.isConnected()).isFalse();
        assertThat(ends).containsExactly("flood");
        assertThat(ann.request(ECHO, new Text("here"))).isEqualTo(new Text("here"));
    }

    @Test
    void answersThatComeTooLateHaveBeenAskedFor() {
        TestClient ann = realtime.connect("/", "ann");
        var session = Game.session(realtime, ann);
        for (int i = 0; i < 500; i++) {
            var unused = session.request(DOUBLE, new Number(i), FIVE);
        }
        realtime.advance(FIVE);
        for (ReceivedEvent event : ann.received()) {
            ann.acknowledge(event.ackId(), new Number(0));
        }
        assertThat(ann.request(ECHO, new Text("here"))).isEqualTo(new Text("here"));
    }

    @Test
    void aBroadcastRequestCollectsAllAnswers() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        ann.answer(DOUBLE, number -> new Number(1));
        bob.answer(DOUBLE, number -> new Number(2));
        Replies<Number> replies = realtime.await(realtime.namespace("/").request(DOUBLE, new Number(0), FIVE));
        assertThat(replies.answers()).isEqualTo(Map.of(ann.id(), new Number(1), bob.id(), new Number(2)));
        assertThat(replies.complete()).isTrue();
    }

    @Test
    void aBroadcastRequestReportsWhoDidNotAnswerAndWhoAnsweredWrongly() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient silent = realtime.connect("/", "silent");
        TestClient wrong = realtime.connect("/", "wrong");
        TestClient gone = realtime.connect("/", "gone");
        TestClient suspended = realtime.connect("/", "suspended");
        suspended.dropConnection();
        ann.answer(DOUBLE, number -> new Number(1));
        var asked = realtime.namespace("/").request(DOUBLE, new Number(0), FIVE);
        realtime.settle();
        wrong.acknowledge(wrong.nextRaw("double").ackId(), "nonsense");
        gone.dropConnection();
        realtime.advance(FIVE);
        Replies<Number> replies = realtime.await(asked);
        assertThat(replies.answers()).isEqualTo(Map.of(ann.id(), new Number(1)));
        assertThat(replies.failed()).containsOnlyKeys(wrong.id());
        assertThat(replies.missing()).containsExactlyInAnyOrder(silent.id(), gone.id());
        assertThat(replies.complete()).isFalse();
    }

    @Test
    void aBroadcastRequestToNobodyIsCompleteAtOnce() {
        Replies<Number> replies =
                realtime.await(realtime.namespace("/").room("zone:empty").request(DOUBLE, new Number(0), FIVE));
        assertThat(replies.complete()).isTrue();
        assertThat(replies.answers()).isEmpty();
    }

    private void assertFailed(CompletionStage<?> asked, RequestFailedException.Reason cause) {
        assertThat(realtime.failure(asked))
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failed -> assertThat(failed.reason()).isEqualTo(cause));
    }
}
