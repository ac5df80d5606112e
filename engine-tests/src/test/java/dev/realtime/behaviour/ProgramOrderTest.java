package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I22: what a handler does to a session reaches its client in that order, with a log that takes its time behind it. */
class ProgramOrderTest {
    private static final Request<Text, Text> DO = Request.of("do", Text.class, Text.class);
    private static final Request<Text, Text> DO_LATER = Request.of("do later", Text.class, Text.class);
    private static final Request<Text, Text> QUESTION = Request.of("question", Text.class, Text.class);
    private static final Event<Text> TELL = Event.of("tell", Text.class);
    private static final RoomKey TAVERN = Game.ZONE.of("tavern");
    private static final Text HELLO = new Text("hello");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Doing doing = session -> {};
    private Doing telling = session -> {};
    private DoingLater doingLater = session -> CompletableFuture.completedFuture(HELLO);
    private final List<String> seen = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(
                    2,
                    () -> Realtime.builder()
                            .namespace("/", this::game)
                            .namespace("/other", other -> other.allowAnonymous()))
            .latency(Duration.ofMillis(2), Duration.ofMillis(9));

    /** What the handler does. */
    private interface Doing {
        void accept(Session session) throws Exception;
    }

    private interface DoingLater {
        CompletionStage<Text> accept(Session session);
    }

    private void game(NamespaceSetup game) {
        game.allowAnonymous()
                .onConnect(session -> session.join(TAVERN))
                .on(DO, (session, text) -> {
                    doing.accept(session);
                    return text;
                })
                .on(TELL, (session, text) -> telling.accept(session))
                .onAsync(DO_LATER, (session, text) -> doingLater.accept(session));
    }

    private TestClient connect() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.advance(SECOND);
        ann.watch(new ClientWatcher() {
            @Override
            public void received(TestClient client, ReceivedEvent event) {
                seen.add(event.name());
            }

            @Override
            public void answered(TestClient client, TestReply<?> reply) {
                seen.add("answer");
                if (reply.isAnswered()) {
                    answers.add(reply.answer().get(0).path("text").asText());
                }
            }

            @Override
            public void disconnected(TestClient client, String reason) {
                seen.add(reason);
            }
        });
        return ann;
    }

    private void ask(Request<Text, Text> request) {
        TestClient ann = connect();
        ann.ask(request, HELLO);
        cluster.advance(SECOND);
    }

    @Test
    void lastWordsArriveBeforeTheGoodbye() {
        doing = session -> {
            session.emit(SAID, HELLO);
            session.disconnect();
        };
        ask(DO);
        assertThat(seen).containsExactly("said", "io server disconnect");
    }

    @Test
    void lastWordsToARoomArriveBeforeTheGoodbye() {
        doing = session -> {
            session.namespace().room(TAVERN).emit(SAID, HELLO);
            session.disconnect(true);
        };
        ask(DO);
        assertThat(seen).containsExactly("said", "io server disconnect");
    }

    @Test
    void lastWordsArriveAlthoughTheEndIsBehindTheirStage() {
        doing = session -> session.emit(SAID, HELLO).thenRun(session::disconnect);
        ask(DO);
        assertThat(seen).containsExactly("said", "answer", "io server disconnect");
    }

    @Test
    void lastWordsThroughTheNamespaceArriveAlthoughTheEndIsBehindTheirStage() {
        doing = session ->
                session.namespace().session(session.id()).emit(SAID, HELLO).thenRun(session::disconnect);
        ask(DO);
        assertThat(seen).containsExactly("said", "answer", "io server disconnect");
    }

    @Test
    void lastWordsOfTheApplicationOutsideOfHandlersArrive() {
        TestClient ann = connect();
        Session session = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
        session.emit(SAID, HELLO);
        session.room(TAVERN).emit(SAID, HELLO);
        session.disconnect();
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said", "said", "io server disconnect");
    }

    @Test
    void volatileLastWordsArriveBeforeTheGoodbye() {
        doing = session -> {
            session.emit(SAID, HELLO);
            session.asVolatile().emit(SAID, HELLO);
            session.disconnect();
        };
        ask(DO);
        assertThat(seen).endsWith("io server disconnect").contains("said");
    }

    @Test
    void whatIsDoneBehindTheEndDoesNotArrive() {
        doing = session -> {
            session.emit(SAID, HELLO);
            session.disconnect();
            assertThat(session.isClosed()).isTrue();
            session.emit(Game.TICK, new Game.Number(1));
            session.room(TAVERN).emit(Game.TICK, new Game.Number(2));
        };
        ask(DO);
        assertThat(seen).containsExactly("said", "io server disconnect");
    }

    @Test
    void theAnswerComesBehindWhatItsHandlerEmittedToTheSession() {
        doing = session -> session.emit(SAID, HELLO);
        ask(DO);
        assertThat(seen).containsExactly("said", "answer");
    }

    @Test
    void theAnswerComesBehindWhatItsHandlerEmittedToARoom() {
        doing = session -> session.namespace().room(TAVERN).emit(SAID, HELLO);
        ask(DO);
        assertThat(seen).containsExactly("said", "answer");
    }

    @Test
    void aRefusalComesBehindWhatItsHandlerEmitted() {
        doing = session -> {
            session.emit(SAID, HELLO);
            throw new EventRefusedException("no", "not now");
        };
        ask(DO);
        assertThat(seen).containsExactly("said", "answer");
    }

    @Test
    void theAnswerOfAnAsynchronousHandlerComesBehindWhatItEmittedOnTheWay() {
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        doingLater = session -> loaded.thenApply(done -> {
            session.room(TAVERN).emit(SAID, HELLO);
            return HELLO;
        });
        ask(DO_LATER);
        loaded.complete(null);
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said", "answer");
    }

    @Test
    void theAnswerOfAnAsynchronousHandlerComesBehindWhatItWaitedFor() {
        doingLater =
                session -> session.namespace().room(TAVERN).emit(SAID, HELLO).thenApply(place -> HELLO);
        ask(DO_LATER);
        assertThat(seen).containsExactly("said", "answer");
    }

    @Test
    void answersComeBehindWhatEarlierHandlersEmitted() {
        List<Doing> doings = new ArrayList<>(
                List.of(session -> session.namespace().room(TAVERN).emit(SAID, HELLO), session -> {}));
        doing = session -> doings.remove(0).accept(session);
        TestClient ann = connect();
        ann.ask(DO, HELLO);
        ann.ask(DO, HELLO);
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said", "answer", "answer");
    }

    @Test
    void answersBehindOneEventComeInTheOrderOfTheirQuestions() {
        telling = session -> session.namespace().room(TAVERN).emit(SAID, HELLO);
        TestClient ann = connect();
        ann.emit(TELL, HELLO);
        for (int i = 0; i < 5; i++) {
            ann.ask(DO, new Text("" + i));
        }
        cluster.advance(SECOND);
        assertThat(seen).first().isEqualTo("said");
        assertThat(answers).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void theAnswerComesBehindWhatAnEarlierHandlerWithoutAnAnswerEmitted() {
        telling = session -> {
            session.namespace().room(TAVERN).emit(SAID, HELLO);
            session.emit(SAID, HELLO);
        };
        TestClient ann = connect();
        ann.emit(TELL, HELLO);
        ann.ask(DO, HELLO);
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said", "said", "answer");
    }

    @Test
    void theAnswerComesBehindAVolatileEventOfAnEarlierHandler() {
        telling = session -> session.asVolatile().emit(SAID, HELLO);
        TestClient ann = connect();
        ann.emit(TELL, HELLO);
        ann.ask(DO, HELLO);
        ann.ask(DO, HELLO);
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said", "answer", "answer");
    }

    @Test
    void aQuestionComesBehindWhatAnEarlierHandlerEmitted() {
        telling = session -> session.namespace().room(TAVERN).emit(SAID, HELLO);
        doing = session -> session.request(QUESTION, HELLO, SECOND);
        TestClient ann = connect();
        ann.emit(TELL, HELLO);
        ann.ask(DO, HELLO);
        cluster.advance(SECOND);
        assertThat(seen).containsExactlyInAnyOrder("said", "question", "answer").startsWith("said");
    }

    @Test
    void anEventOnTheWayOfAnotherHandlerHoldsNoAnswerUp() {
        TestClient bob = cluster.connect(0, "/", "bob");
        connect().ask(DO, HELLO);
        cluster.settle();
        assertThat(seen).containsExactly("answer");
        cluster.node(0).namespace("/").emit(SAID, HELLO);
        bob.ask(DO, HELLO);
        cluster.settle();
        assertThat(bob.received(SAID)).isEmpty();
        seen.clear();
        cluster.advance(SECOND);
        assertThat(seen).containsExactly("said");
    }

    @Test
    void anEventInAnotherNamespaceHoldsNoAnswerUp() {
        cluster.connect(0, "/other", "bob");
        cluster.advance(SECOND);
        doing = session -> cluster.node(0).namespace("/other").emit(SAID, HELLO);
        connect().ask(DO, HELLO);
        cluster.settle();
        assertThat(seen).containsExactly("answer");
    }

    @Test
    void aBackendThatCannotBeReachedHoldsNeitherAnswerNorEndUpForEver() {
        TestClient ann = connect();
        cluster.node(0).partition();
        doing = session -> session.emit(SAID, HELLO);
        ann.ask(DO, HELLO);
        cluster.advance(Duration.ofSeconds(12));
        assertThat(seen).contains("answer");
        Session session = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
        session.emit(SAID, HELLO);
        session.disconnect();
        cluster.advance(Duration.ofSeconds(12));
        assertThat(seen).endsWith("io server disconnect");
        cluster.node(0).heal();
    }

    @Test
    void whoIsCaughtUpWithHearsTheLastWordsFirst() {
        TestClient ann = connect();
        cluster.node(0).namespace("/").emit(SAID, HELLO);
        ann.dropConnection();
        for (int i = 0; i < 3; i++) {
            cluster.node(0).namespace("/").emit(SAID, HELLO);
        }
        cluster.advance(SECOND);
        seen.clear();
        Session session = cluster.node(0).namespace("/").find(ann.id()).orElseThrow();
        ann.beginReconnect(0);
        cluster.advance(Duration.ofMillis(30));
        session.emit(SAID, HELLO);
        session.disconnect();
        cluster.advance(SECOND);
        assertThat(seen).endsWith("said", "io server disconnect");
    }
}
