package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectInterceptor;
import dev.realtime.Event;
import dev.realtime.EventInterceptor;
import dev.realtime.EventRefusedException;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.logs.LogKeys;
import dev.realtime.logs.LogOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

/** While code of the application runs, the MDC says whose it is; behind it, it is as it was. */
class LogContextTest {
    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Request<Text, Text> OWN = Request.of("own", Text.class, Text.class);
    private static final Request<Text, Text> READY = Request.of("ready", Text.class, Text.class);

    /** By what ran. */
    private final Map<String, Map<String, String>> said = new TreeMap<>();

    private final List<String> atRest = new ArrayList<>();
    private final List<Runnable> outside = new ArrayList<>();
    private CompletableFuture<Text> answer = new CompletableFuture<>();
    private String user = "ann";

    @RegisterExtension
    final TestMdc mdc = new TestMdc();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .logs(LogOptions.DEFAULT.context(true))
                    .authenticator(handshake -> {
                        note("authenticator");
                        return Optional.of(Principal.of(user));
                    })
                    .onError((session, what, cause) -> note("onError of " + what))
                    .namespace(
                            "/",
                            game -> game.intercept((ConnectInterceptor)
                                            (handshake, principal, entry) -> note("connect interceptor"))
                                    .intercept((EventInterceptor) (session, contract, payload, next) -> {
                                        note("interceptor of " + contract.name());
                                        next.proceed();
                                    })
                                    .onConnect(session -> note("onConnect"))
                                    .onDisconnect((session, reason) -> note("onDisconnect"))
                                    .onUnknown((session, event) -> note("onUnknown"))
                                    .on(SAY, this::say)
                                    .on(ECHO, (session, text) -> {
                                        note("echo");
                                        return text;
                                    })
                                    .onAsync(LATER, (session, text) -> {
                                        note("later");
                                        return answer;
                                    })
                                    .onAcknowledge(
                                            OWN,
                                            (session, text, ack) -> outside.add(() -> {
                                                ack.give(text);
                                                note("own");
                                            }))))
            .handlers(resting())
            .keepAuthenticator()
            .allowHandlerFailures();

    /** Looks what the threads that run handlers say when they run none. */
    private Executor resting() {
        return task -> realtimeExecutor().execute(() -> {
            task.run();
            atRest.addAll(TestMdc.here().keySet());
        });
    }

    private Executor realtimeExecutor() {
        return realtime.executor();
    }

    private void note(String what) {
        said.put(what, TestMdc.here());
    }

    private void say(Session session, Text text) {
        note("say " + text.text());
        switch (text.text()) {
            case "no" -> throw new EventRefusedException("not_here", "not here");
            case "broken" -> throw new IllegalStateException("broken");
            case "dirty" -> {
                MDC.put(LogKeys.USER, "mallory");
                MDC.remove(LogKeys.EVENT);
            }
            case "ask" ->
                session.request(READY, text, Duration.ofSeconds(5)).whenComplete((reply, failure) -> note("answered"));
            case "timer" -> realtime.realtime().scheduler().after(Duration.ofSeconds(1), () -> note("timer"));
            default -> session.emit(SAID, text).thenRun(() -> note("has its place"));
        }
    }

    private Map<String, String> of(TestClient client, String event) {
        return new TreeMap<>(Map.of(
                "node",
                realtime.realtime().node(),
                "namespace",
                "/",
                "session",
                client.id(),
                "user",
                "ann",
                "event",
                event));
    }

    private static Map<String, String> without(Map<String, String> said, String... keys) {
        Map<String, String> rest = new TreeMap<>(said);
        List.of(keys).forEach(rest::remove);
        return rest;
    }

    private TestClient connect() {
        TestClient ann = realtime.client().connect("/");
        realtime.settle();
        return ann;
    }

    private void nothingIsLeft() {
        realtime.settle();
        assertThat(atRest).isEmpty();
        assertThat(TestMdc.here()).isEmpty();
    }

    @Test
    void aHandlerAndItsInterceptorsRunForAnEvent() {
        TestClient ann = connect();
        ann.request(ECHO, new Text("hello"));
        assertThat(without(said.get("echo"), "correlation")).isEqualTo(of(ann, "echo"));
        assertThat(said.get("interceptor of echo")).isEqualTo(said.get("echo")).containsKey("correlation");
        nothingIsLeft();
    }

    @Test
    void eachEventHasItsOwnCorrelation() {
        TestClient ann = connect();
        ann.emit(SAY, new Text("1"));
        ann.emit(SAY, new Text("2"));
        realtime.settle();
        assertThat(said.get("say 1").get("correlation"))
                .matches("[A-Za-z0-9_-]{3,40}")
                .isNotEqualTo(said.get("say 2").get("correlation"));
    }

    @Test
    void listenersRunForTheirSession() {
        TestClient ann = connect();
        Map<String, String> session = without(of(ann, ""), "event");
        assertThat(said.get("onConnect")).isEqualTo(session);
        ann.disconnect();
        realtime.settle();
        assertThat(said.get("onDisconnect")).isEqualTo(session);
        nothingIsLeft();
    }

    @Test
    void whoLetsClientsInKnowsOfNoSession() {
        TestClient ann = connect();
        assertThat(said.get("authenticator")).isEqualTo(without(of(ann, ""), "session", "user", "event"));
        assertThat(said.get("connect interceptor")).isEqualTo(without(of(ann, ""), "session", "event"));
        nothingIsLeft();
    }

    @Test
    void whoeverHearsOfAFailureHearsWhoseItIs() {
        TestClient ann = connect();
        ann.emit(SAY, new Text("broken"));
        realtime.settle();
        assertThat(said.get("onError of say")).isEqualTo(said.get("say broken"));
        answer = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        ann.ask(LATER, new Text("now"));
        realtime.settle();
        assertThat(said.get("onError of later")).isEqualTo(said.get("later"));
        answer = new CompletableFuture<>();
        ann.ask(LATER, new Text("then"));
        realtime.settle();
        answer.completeExceptionally(new IllegalStateException("broken")); // on a thread of the application
        realtime.settle();
        assertThat(said.get("onError of later")).isEqualTo(said.get("later"));
        nothingIsLeft();
    }

    @Test
    void whatFollowsFromAnEventElsewhereIsStillOfIt() {
        TestClient ann = connect();
        ann.answer(READY, text -> text);
        ann.emit(SAY, new Text("placed"));
        ann.emit(SAY, new Text("timer"));
        ann.emit(SAY, new Text("ask"));
        realtime.advance(Duration.ofSeconds(2));
        assertThat(said.get("has its place")).isEqualTo(said.get("say placed"));
        assertThat(said.get("timer")).isEqualTo(said.get("say timer"));
        assertThat(said.get("answered")).isEqualTo(said.get("say ask"));
        nothingIsLeft();
    }

    @Test
    void aQuestionThatNobodyAnswersIsStillOfItsEvent() {
        TestClient ann = connect();
        ann.emit(SAY, new Text("ask"));
        realtime.advance(Duration.ofSeconds(6));
        assertThat(said.get("answered")).isEqualTo(said.get("say ask"));
        nothingIsLeft();
    }

    @Test
    void whatAHandlerLeavesBehindIsPutRight() {
        TestClient ann = connect();
        ann.emit(SAY, new Text("dirty"));
        ann.emit(SAY, new Text("clean"));
        realtime.settle();
        assertThat(without(said.get("say clean"), "correlation")).isEqualTo(of(ann, "say"));
        nothingIsLeft();
    }

    @Test
    void whatTheApplicationHasPutThereIsThereAgain() {
        TestClient ann = connect();
        ann.ask(OWN, new Text("now"));
        realtime.settle();
        MDC.put(LogKeys.USER, "the admin");
        MDC.put("request", "r7");
        outside.forEach(Runnable::run);
        assertThat(said.get("own")).isEqualTo(Map.of("user", "the admin", "request", "r7"));
        ann.emit(SAY, new Text("no"));
        realtime.settle(); // runs the handler on this very thread
        assertThat(said.get("say no")).containsEntry("user", "ann").containsEntry("request", "r7");
        assertThat(TestMdc.here()).isEqualTo(Map.of("user", "the admin", "request", "r7"));
    }

    @Test
    void noNameForgesALine() {
        user = "ann\r\n2026 ERROR all is lost \u001b[2J" + "x".repeat(200);
        TestClient ann = connect();
        ann.emitRaw("un\nknown\u2028" + "y".repeat(60), 1);
        realtime.settle();
        assertThat(said.get("onConnect").get("user"))
                .startsWith("ann??2026 ERROR all is lost ?[2J")
                .hasSize(201);
        assertThat(said.get("onUnknown").get("event")).startsWith("un?known?y");
        nothingIsLeft();
    }
}
