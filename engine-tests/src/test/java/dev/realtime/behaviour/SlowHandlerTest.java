package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.logs.LogOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A handler that takes long is named, and counted; one that its client waits for, even before it ends. */
class SlowHandlerTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Event<Text> HANGS = Event.of("hangs", Text.class);
    private static final Duration LONG = Duration.ofMillis(300);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private CompletableFuture<Text> answer = new CompletableFuture<>();
    private boolean apart;
    private boolean interceptorHangs;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> game.onAsync(LATER, (session, text) -> answer)
                            .on(HANGS, (session, text) -> {
                                hangs.countDown();
                                goesOn.await();
                            }))
                    .logs(LogOptions.DEFAULT.slowHandler(Duration.ofMillis(250))))
            .handlers(task -> handle(task, executor()));

    @RegisterExtension
    final TestRealtime strict = TestRealtime.of(() -> Game.open(
                            game -> game.directExecutor().intercept((handshake, principal, entry) -> {
                                if (interceptorHangs) {
                                    hang();
                                }
                            }))
                    .authenticator(this::authenticate)
                    .logs(LogOptions.DEFAULT.slowHandler(Duration.ofMillis(250))))
            .keepAuthenticator()
            .handlers(task -> handle(task, strictExecutor()));

    private Executor executor() {
        return realtime.executor();
    }

    private Executor strictExecutor() {
        return strict.executor();
    }

    private Optional<Principal> authenticate(Handshake handshake) {
        Optional<String> name = handshake.auth("name");
        if (name.isPresent() && !interceptorHangs) {
            hang();
        }
        return name.map(Principal::of);
    }

    private void hang() {
        hangs.countDown();
        try {
            goesOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On a thread of its own, once a handler is to hang. */
    private void handle(Runnable task, Executor otherwise) {
        if (apart) {
            apart = false;
            Thread other = new Thread(() -> {
                task.run();
                ended.countDown();
            });
            other.setDaemon(true);
            other.start();
        } else {
            otherwise.execute(task);
        }
    }

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
    }

    /** Without what the agent of fuzz tests in the same JVM says of classes that it meets. */
    private List<String> logged() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" WARN "))
                .toList();
    }

    private long counted() {
        return realtime.realtime().stats().counters().get("handlers.slow");
    }

    @Test
    void oneThatAnswersLaterTakesUntilThen() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("now"));
        realtime.advance(LONG);
        assertThat(logged()).isEmpty();
        answer.complete(new Text("then"));
        realtime.settle();
        assertThat(logged())
                .singleElement()
                .asString()
                .contains("the handler of 'later' in / took 300 ms for session " + ann.id() + " of user ann");
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void soIsAnAuthenticatorThatKeepsClientsWaiting() throws Exception {
        apart = true;
        TestClient ann = strict.client().auth("name", "ann").connect("/");
        hangs.await();
        strict.advance(LONG);
        assertThat(ann.isConnected()).isFalse();
        goesOn.countDown();
        ended.await();
        strict.settle();
        assertThat(ann.isConnected()).isTrue();
        assertThat(logged()).singleElement().asString().contains("the authenticator of / took 300 ms for a client at ");
        strict.client().auth("name", "bob").connect("/");
        assertThat(strict.realtime().stats().counters().get("handlers.slow")).isEqualTo(1);
    }

    @Test
    void soIsAnAuthenticatorThatIsAskedLater() throws Exception {
        comesLater(false);
        assertThat(logged()).singleElement().asString().contains("the authenticator of / took 300 ms for a client at ");
        assertThat(strict.realtime().stats().counters().get("handlers.slow")).isEqualTo(1);
    }

    @Test
    void soIsAnInterceptorThatIsAskedLater() throws Exception {
        comesLater(true);
        assertThat(logged())
                .singleElement()
                .asString()
                .contains("the interceptor of connects of / took 300 ms for a client at ");
        assertThat(strict.realtime().stats().counters().get("handlers.slow")).isEqualTo(1);
    }

    /**
     * A client that came without credentials shows some, and waits.
     *
     * @param hanging whether it is the interceptor for whom it does, rather than the authenticator
     */
    private void comesLater(boolean hanging) throws InterruptedException {
        TestClient ann = strict.client().connect("/");
        apart = true;
        interceptorHangs = hanging;
        TestReply<JsonNode> shown = ann.askRaw("authenticate", Map.of("name", "ann"));
        strict.settle();
        hangs.await();
        strict.advance(LONG);
        goesOn.countDown();
        ended.await();
        strict.settle();
        assertThat(shown.answer().get(0).has("error")).isFalse();
    }

    @Test
    void anEventThatHasWaitedForItsTurnIsNotSlow() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("now"));
        ann.ask(ECHO, new Text("behind"));
        realtime.advance(LONG);
        answer.complete(new Text("then"));
        realtime.settle();
        assertThat(logged()).singleElement().asString().contains("'later'");
    }

    @Test
    void oneThatHangsIsNamedWhenItsClientSendsMore() throws Exception {
        TestClient ann = realtime.connect("/", "ann");
        apart = true;
        ann.emit(HANGS, new Text("now"));
        realtime.settle();
        hangs.await();
        realtime.advance(LONG);
        assertThat(logged()).isEmpty();
        ann.emit(HANGS, new Text("more"));
        realtime.settle();
        assertThat(logged())
                .singleElement()
                .asString()
                .contains("the handler of 'hangs' in / has been running for 300 ms for session " + ann.id());
        goesOn.countDown();
        ended.await();
        assertThat(counted()).isEqualTo(1);
    }
}
