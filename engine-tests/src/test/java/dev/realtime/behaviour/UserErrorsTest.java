package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Authenticator;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.json.JacksonJson;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An {@link Error} in code of the application, as a client may provoke it, costs what has just been done and nothing else: it is answered at
 * once, the session and everybody else go on, and no byte of the node's budget stays behind. It stands for an {@link OutOfMemoryError}, which
 * would end JUnit itself where it is not caught.
 */
class UserErrorsTest {
    private static final Request<Text, Text> BURST = Request.of("burst", Text.class, Text.class);
    private static final Request<Text, Text> BURST_LATER = Request.of("burst later", Text.class, Text.class);
    private static final Request<Text, Text> FAIL_LATER = Request.of("fail later", Text.class, Text.class);
    private static final Request<Bomb, Text> READ = Request.of("read", Bomb.class, Text.class);
    private static final Request<Text, Bomb> WRITE = Request.of("write", Text.class, Bomb.class);
    private static final Request<Text, Bomb> WRITE_LATER = Request.of("write later", Text.class, Bomb.class);

    /** Bursts when it is read from, or written to, JSON. */
    static final class Bomb {
        private final boolean lit;

        Bomb(boolean lit) {
            this.lit = lit;
        }

        public boolean isLit() {
            return burst(lit);
        }

        @com.fasterxml.jackson.annotation.JsonCreator
        static Bomb of(@com.fasterxml.jackson.annotation.JsonProperty("lit") boolean lit) {
            return new Bomb(burst(lit));
        }
    }

    private final CompletableFuture<Bomb> later = new CompletableFuture<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .json(JacksonJson.of(new ObjectMapper()))
                    .authenticator(authenticator())
                    .namespace("/", this::game)
                    .namespace(
                            "/guarded",
                            guarded -> guarded.allowAnonymous().intercept((handshake, principal, entry) -> {
                                burst(true);
                            }))
                    .namespace(
                            "/greeted",
                            greeted -> greeted.allowAnonymous()
                                    .onConnect(session -> burst(true))
                                    .on(ECHO, (session, text) -> text))
                    .namespaces(name -> name.startsWith("/any") && burst(true), any -> any.allowAnonymous()))
            .keepAuthenticator();

    private TestClient bystander;
    private TestClient ann;

    private static boolean burst(boolean lit) {
        if (lit) {
            throw new InternalError("planned");
        }
        return false;
    }

    private static Authenticator authenticator() {
        return handshake -> {
            if (handshake.auth().toString().contains("burst")) {
                burst(true);
            }
            return Optional.of(Principal.anonymous("guest"));
        };
    }

    private void game(NamespaceSetup game) {
        game.on(ECHO, (session, text) -> text)
                .on(BURST, (session, text) -> {
                    burst(true);
                    return text;
                })
                .onAsync(BURST_LATER, (session, text) -> {
                    burst(true);
                    return CompletableFuture.completedFuture(text);
                })
                .onAsync(FAIL_LATER, (session, text) -> CompletableFuture.failedFuture(new InternalError("planned")))
                .on(READ, (session, bomb) -> new Text("read"))
                .on(WRITE, (session, text) -> new Bomb(true))
                .onAsync(WRITE_LATER, (session, text) -> later);
    }

    @BeforeEach
    void somebodyElseIsThere() {
        bystander = realtime.client().connect("/");
        ann = realtime.client().connect("/");
    }

    @AfterEach
    void nothingStaysBehind() {
        assertThat(bystander.request(ECHO, new Text("unharmed"))).isEqualTo(new Text("unharmed"));
        assertThat(ann.request(ECHO, new Text("goes on"))).isEqualTo(new Text("goes on"));
        Game.ticks(realtime, 0, 1);
        assertThat(Game.ticks(bystander)).containsExactly(0);
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
    }

    private void fails(TestReply<?> reply) {
        realtime.settle();
        assertThat(reply.errorCode()).isEqualTo("handler_failed");
        assertThat(realtime.expectHandlerFailure()).hasStackTraceContaining("planned");
    }

    @Test
    void inAHandler() {
        fails(ann.ask(BURST, new Text("x".repeat(10_000))));
    }

    @Test
    void inAnAsynchronousHandler() {
        fails(ann.ask(BURST_LATER, new Text("x".repeat(10_000))));
    }

    @Test
    void inTheStageOfAHandler() {
        fails(ann.ask(FAIL_LATER, new Text("x")));
    }

    @Test
    void whileAPayloadIsRead() {
        fails(ann.askRaw("read", Map.of("lit", true)));
    }

    @Test
    void whileAnAnswerIsWritten() {
        fails(ann.ask(WRITE, new Text("x")));
    }

    @Test
    void whileTheAnswerOfAStageIsWritten() {
        TestReply<?> reply = ann.ask(WRITE_LATER, new Text("x"));
        TestReply<?> next = ann.ask(ECHO, new Text("next"));
        realtime.settle();
        later.complete(new Bomb(true));
        fails(reply);
        assertThat(next.isAnswered()).isTrue();
    }

    @Test
    void whileAnAcknowledgementIsRead() {
        Request<Text, Bomb> question = Request.of("question", Text.class, Bomb.class);
        var asked = Game.session(realtime, ann).request(question, new Text("?"), Duration.ofSeconds(5));
        realtime.settle();
        ann.acknowledge(ann.nextRaw("question").ackId(), Map.of("lit", true));
        realtime.settle();
        assertThat(asked.toCompletableFuture()).isCompletedExceptionally();
        assertThat(realtime.failure(asked))
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failed -> assertThat(failed.reason()).isEqualTo(RequestFailedException.Reason.BAD_REPLY));
    }

    private void refused(TestClient client) {
        assertThat(client.connectError().map(ConnectError::code)).contains("handler_failed");
    }

    @Test
    void inAnAuthenticator() {
        refused(realtime.client().auth("token", "burst").connect("/"));
    }

    @Test
    void inARuleForConnects() {
        refused(realtime.client().connect("/guarded"));
    }

    @Test
    void inThePredicateOfAPattern() {
        refused(realtime.client().connect("/any/1"));
    }

    @Test
    void inAListener() {
        TestClient greeted = realtime.client().connect("/greeted");
        assertThat(greeted.request(ECHO, new Text("there"))).isEqualTo(new Text("there"));
    }
}
