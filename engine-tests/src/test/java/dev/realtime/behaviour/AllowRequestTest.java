package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.limits.Limits;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.InMemoryTransport.UpgradeRefused;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.RequestDecision;
import dev.realtime.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The application judges the requests that open connections. */
class AllowRequestTest {
    private static final Duration PATIENCE = Limits.DEFAULT.authenticationTimeout();
    private static final RequestDecision BANNED = RequestDecision.refuse(403, "You are \"banned\"");

    private final List<OpeningRequest> asked = new ArrayList<>();
    private final List<CompletableFuture<RequestDecision>> undecided = new ArrayList<>();
    private TestRealtime realtime = later(Limits.DEFAULT);

    @AfterEach
    void nothingIsLeft() {
        realtime.transport().connections().forEach(InMemoryConnection::reset);
        realtime.advance(Duration.ofMinutes(5));
        assertThat(connections()).isZero();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        assertThat(realtime.realtime().stats().gauges().get("handlers.addresses"))
                .isZero();
        realtime.close();
    }

    private TestRealtime later(Limits limits) {
        return started(builder -> builder.limits(limits).allowRequestAsync(request -> {
            asked.add(request);
            CompletableFuture<RequestDecision> decision = new CompletableFuture<>();
            undecided.add(decision);
            return decision;
        }));
    }

    private static TestRealtime started(Function<RealtimeBuilder, RealtimeBuilder> set) {
        return TestRealtime.of(() -> set.apply(Realtime.builder().namespace("/", game -> game.allowAnonymous())))
                .start();
    }

    private void judges(Function<OpeningRequest, RequestDecision> judge) {
        restart(builder -> builder.allowRequest(request -> {
            asked.add(request);
            return judge.apply(request);
        }));
    }

    private void restart(Function<RealtimeBuilder, RealtimeBuilder> set) {
        realtime.close();
        realtime = started(set);
    }

    /** A test of a game says it in one line, whatever the client speaks. */
    @Test
    void aClientOfTheTestkitShowsHowItsRequestWasRefused() {
        judges(request -> BANNED);

        for (TestClient eve : List.of(
                realtime.client().connect("/"), realtime.client().polling(true).connect("/"))) {
            assertThat(eve.isConnected()).isFalse();
            assertThat(eve.refusal().map(HttpReply::status)).contains(403);
            assertThat(eve.toString())
                    .contains("the request for a connection was refused: 403")
                    .contains("banned");
        }
        judges(request -> RequestDecision.accept());
        assertThat(realtime.client().connect("/").refusal()).isEmpty();
    }

    private static TestRequest polling() {
        return TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "polling");
    }

    private static TestRequest webSocket() {
        return TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "websocket");
    }

    private InMemoryExchange send(TestRequest request) {
        InMemoryExchange exchange = realtime.transport().exchange(request.view(), new byte[0]);
        realtime.settle();
        return exchange;
    }

    private CompletableFuture<InMemoryConnection> open(TestRequest request) {
        CompletableFuture<InMemoryConnection> opened = realtime.transport().openLater(request.view());
        realtime.settle();
        return opened;
    }

    private HttpReply refusal(CompletableFuture<InMemoryConnection> opened) {
        assertThat(realtime.failure(opened)).isInstanceOf(UpgradeRefused.class);
        return ((UpgradeRefused) realtime.failure(opened)).reply();
    }

    private static String text(HttpReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private int connections() {
        return realtime.realtime().stats().connections();
    }

    private long count(String name) {
        return realtime.realtime().stats().counters().get(name);
    }

    // ---- what is asked, and what comes of it

    @Test
    void itSeesTheRequestOfEitherTransport() {
        judges(request -> RequestDecision.accept());
        RequestView view = webSocket()
                .query("region", "eu")
                .header("Authorization", "Bearer secret")
                .header("User-Agent", "Game/7")
                .from("203.0.113.7")
                .view();
        assertThat(realtime.await(realtime.transport().openLater(view)).texts()).hasSize(1);
        assertThat(send(polling()).status()).isEqualTo(200);
        assertThat(asked).extracting(OpeningRequest::transport).containsExactly(Transport.WEBSOCKET, Transport.POLLING);
        OpeningRequest request = asked.get(0);
        assertThat(request.path()).isEqualTo("/socket.io/");
        assertThat(request.query("region")).contains("eu");
        assertThat(request.header("AUTHORIZATION")).contains("Bearer secret");
        assertThat(request.userAgent()).contains("Game/7");
        assertThat(request.remoteAddress()).isEqualTo("203.0.113.7");
        assertThat(request.secure()).isFalse();
        assertThat(request).asString().contains("203.0.113.7").doesNotContain("secret");
    }

    @Test
    void whoIsRefusedIsToldWhyAndGetsNoConnection() {
        judges(request -> BANNED);
        InMemoryExchange poll = send(polling());
        assertThat(poll.status()).isEqualTo(403);
        assertThat(poll.header("Content-Type")).contains("application/json");
        assertThat(poll.text()).isEqualTo("{\"code\":4,\"message\":\"You are \\\"banned\\\"\"}");
        HttpReply upgrade = refusal(open(webSocket()));
        assertThat(upgrade.status()).isEqualTo(403);
        assertThat(text(upgrade)).isEqualTo(poll.text());
        assertThat(connections()).isZero();
        assertThat(count("connections.refused")).isEqualTo(2);
        assertThat(count("connections.opened")).isZero();
    }

    @Test
    void aClientToldToComeAgainIsToldWhen() {
        judges(request -> RequestDecision.refuse(429, "Slowly"));
        assertThat(send(polling()).header("Retry-After")).contains("1");
        judges(request -> BANNED);
        assertThat(send(polling()).header("Retry-After")).isEmpty();
    }

    @Test
    void whatBelongsToAConnectionIsNotJudgedAgain() {
        judges(request -> RequestDecision.accept());
        TestClient ann = realtime.client().user("ann").upgrading().connect("/");
        assertThat(ann.transport()).isEqualTo("websocket");
        assertThat(asked).hasSize(1);
    }

    @Test
    void whatIsRefusedAnywayIsNotJudged() {
        restart(builder -> builder.limits(Limits.DEFAULT.handshakesPerSecond(1)).allowRequest(request -> {
            asked.add(request);
            return RequestDecision.accept();
        }));
        assertThat(send(polling().method("POST")).status()).isEqualTo(400);
        assertThat(send(polling().method("OPTIONS")).status()).isEqualTo(204);
        assertThat(send(polling().header("Origin", "https://evil.example")).status())
                .isEqualTo(403);
        assertThat(send(polling().query("sid", "guessed")).status()).isEqualTo(400);
        assertThat(send(TestRequest.of("GET", "/socket.io/socket.io.js")).status())
                .isEqualTo(200);
        assertThat(asked).isEmpty();
        assertThat(send(polling()).status()).isEqualTo(200);
        assertThat(send(polling()).status()).as("too fast").isEqualTo(429);
        assertThat(asked).hasSize(1);
    }

    @Test
    void nobodyIsAskedUnlessTheApplicationSaysSo() {
        restart(builder -> builder);
        assertThat(realtime.transport().open(webSocket().view()).isOpen()).isTrue();
        assertThat(send(polling()).status()).isEqualTo(200);
    }

    // ---- later

    @Test
    void aDecisionMayComeLater() {
        InMemoryExchange poll = send(polling());
        CompletableFuture<InMemoryConnection> socket = open(webSocket());
        CompletableFuture<InMemoryConnection> unwanted = open(webSocket());
        assertThat(poll.reply()).isEmpty();
        assertThat(socket).isNotDone();
        assertThat(connections()).as("who is judged has a place").isEqualTo(3);
        undecided.get(0).complete(RequestDecision.accept());
        undecided.get(1).complete(RequestDecision.accept());
        undecided.get(2).complete(BANNED);
        realtime.settle();
        assertThat(poll.status()).isEqualTo(200);
        assertThat(poll.text()).startsWith("0{");
        assertThat(socket.join().texts().get(0)).startsWith("0{");
        assertThat(refusal(unwanted).status()).isEqualTo(403);
        assertThat(connections()).isEqualTo(2);
    }

    @Test
    void clientsOfTheTestkitWaitForIt() {
        RequestDecision[] decision = {RequestDecision.accept()};
        restart(builder -> builder.allowRequestAsync(
                request -> CompletableFuture.supplyAsync(() -> decision[0], realtime.executor())));
        assertThat(realtime.connect("/", "ann").isConnected()).isTrue();
        TestClient bob = realtime.client().user("bob").polling(true).connect("/");
        assertThat(bob.isConnected()).isTrue();
        bob.closeConnection();
        decision[0] = BANNED;
        assertThat(realtime.connect("/", "eve").isConnected()).isFalse();
        assertThat(realtime.client().user("eve").polling(true).connect("/").isConnected())
                .isFalse();
    }

    @Test
    void whoIsBeingJudgedCountsAsAConnection() {
        realtime.close();
        realtime = later(Limits.DEFAULT.maxConnectionsPerIp(2));
        InMemoryExchange one = send(polling());
        CompletableFuture<InMemoryConnection> two = open(webSocket());
        assertThat(send(polling()).status()).isEqualTo(429);
        assertThat(refusal(open(webSocket())).status()).isEqualTo(429);
        assertThat(send(polling().from("203.0.113.9")).reply())
                .as("another address")
                .isEmpty();
        undecided.get(0).complete(BANNED);
        realtime.settle();
        assertThat(one.status()).isEqualTo(403);
        assertThat(two).isNotDone();
        assertThat(send(polling()).reply()).as("in the place of the first").isEmpty();
    }

    @Test
    void whatItHoldsIsPaidFor() {
        open(webSocket().header("x-token", "x".repeat(20_000)));
        assertThat(realtime.realtime().doors().inbound().used()).isBetween(10_000L, 13_000L);
        undecided.get(0).complete(BANNED);
        realtime.settle();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
    }

    @Test
    void aDecisionThatNeverComesIsNotWaitedFor() {
        InMemoryExchange poll = send(polling());
        CompletableFuture<InMemoryConnection> socket = open(webSocket());
        realtime.advance(PATIENCE.minusMillis(1));
        assertThat(poll.reply()).isEmpty();
        realtime.advance(Duration.ofMillis(1));
        assertThat(poll.status()).isEqualTo(503);
        assertThat(poll.header("Retry-After")).contains("1");
        assertThat(refusal(socket).status()).isEqualTo(503);
        assertThat(connections()).isZero();
        assertThat(count("handlers.timed_out")).isEqualTo(2);
        undecided.forEach(decision -> decision.complete(RequestDecision.accept()));
        realtime.settle();
        assertThat(connections()).as("a late yes opens nothing").isZero();
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() {
        InMemoryExchange poll = send(polling());
        CompletableFuture<InMemoryConnection> socket = open(webSocket());
        poll.abort();
        socket.cancel(false);
        realtime.settle();
        assertThat(connections()).isZero();
        undecided.forEach(decision -> decision.complete(RequestDecision.accept()));
        realtime.settle();
        assertThat(connections()).isZero();
        assertThat(count("connections.opened")).isZero();
        assertThat(count("connections.refused")).isZero();
    }

    @Test
    void aNodeThatStopsLetsThemGo() {
        InMemoryExchange poll = send(polling());
        CompletableFuture<InMemoryConnection> socket = open(webSocket());
        CompletionStage<Void> drained = realtime.realtime().drain(Duration.ofSeconds(1));
        realtime.settle();
        assertThat(poll.status()).isEqualTo(503);
        assertThat(refusal(socket).status()).isEqualTo(503);
        realtime.await(drained);
    }

    // ---- failures

    @Test
    void codeThatFailsLetsNobodyInAndIsLogged() {
        judges(request -> {
            throw new IllegalStateException("no database");
        });
        String log = logged(() -> assertInternalError(send(polling())));
        assertThat(log).contains("allowRequest failed").contains("no database");
        assertInternalError(refusal(open(webSocket())));
        judges(request -> null);
        assertThat(logged(() -> assertInternalError(send(polling())))).contains("returned null");
        restart(builder -> builder.allowRequestAsync(request -> null));
        assertThat(logged(() -> assertInternalError(send(polling())))).contains("returned null");
        restart(builder -> builder.allowRequestAsync(
                request -> CompletableFuture.failedFuture(new IllegalStateException("no database"))));
        assertThat(logged(() -> assertInternalError(send(polling())))).contains("no database");
        assertThat(connections()).isZero();
        assertThat(count("connections.refused")).isEqualTo(1);
    }

    @Test
    void failuresCannotFloodTheLog() {
        judges(request -> {
            throw new IllegalStateException("no database");
        });
        String log = logged(() -> {
            for (int i = 0; i < 50; i++) {
                send(polling());
                realtime.advance(Duration.ofMillis(100));
            }
        });
        assertThat(log.lines().filter(line -> line.contains("allowRequest failed")))
                .hasSizeBetween(1, Limits.DEFAULT.logLines() + 1);
    }

    private static void assertInternalError(InMemoryExchange exchange) {
        assertInternalError(exchange.reply().orElseThrow());
    }

    private static void assertInternalError(HttpReply reply) {
        assertThat(reply.status()).isEqualTo(500);
        assertThat(text(reply)).isEqualTo("{\"code\":4,\"message\":\"Internal error\"}");
    }

    private static String logged(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void codeThatBlocksUsesUpTheShareOfItsAddressAlone() {
        ArrayDeque<Runnable> threads = new ArrayDeque<>();
        Executor handlers = threads::add;
        realtime.close();
        realtime = TestRealtime.of(() -> Realtime.builder()
                        .limits(Limits.DEFAULT.maxHandlersPerIp(4).handshakesPerSecondPerIp(1_000))
                        .allowRequest(request -> {
                            asked.add(request);
                            return RequestDecision.accept();
                        })
                        .namespace("/", game -> game.allowAnonymous()))
                .handlers(handlers)
                .start();
        List<InMemoryExchange> attacker = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            attacker.add(send(polling().from("198.51.100.1")));
        }
        assertThat(threads).as("of one address at once").hasSize(4);
        List<Runnable> blocked = List.copyOf(threads);
        threads.clear();
        InMemoryExchange honest = send(polling().from("203.0.113.7"));
        assertThat(asked).as("no code runs in the thread of a request").isEmpty();
        threads.remove().run();
        realtime.settle();
        assertThat(honest.status()).isEqualTo(200);
        realtime.advance(PATIENCE);
        assertThat(attacker)
                .allSatisfy(exchange -> assertThat(exchange.status()).isEqualTo(503));
        blocked.forEach(Runnable::run);
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
        assertThat(asked).as("whose time is over is not asked about").hasSize(1);
    }

    @Test
    void clientsThatComeAndGoWhileCodeBlocksLeaveNoLineBehind() {
        ArrayDeque<Runnable> threads = new ArrayDeque<>();
        Executor handlers = threads::add;
        realtime.close();
        realtime = TestRealtime.of(() -> Realtime.builder()
                        .limits(Limits.DEFAULT.maxHandlersPerIp(4).maxConnectsPerIp(50))
                        .allowRequest(request -> RequestDecision.accept())
                        .namespace("/", game -> game.allowAnonymous()))
                .handlers(handlers)
                .start();
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            InMemoryExchange exchange = send(polling().from("198.51.100.1").header("x-fill", "x".repeat(1_000)));
            refused += exchange.reply().isPresent() ? 1 : 0;
            exchange.abort();
            realtime.settle();
            realtime.advance(Duration.ofMillis(10));
        }
        assertThat(connections()).isZero();
        assertThat(threads).hasSize(4);
        int turns = 0;
        while (!threads.isEmpty()) {
            threads.remove().run();
            turns++;
        }
        assertThat(turns).as("tasks that were kept").isLessThanOrEqualTo(54);
        assertThat(refused).isGreaterThan(900);
        InMemoryExchange again = send(polling().from("198.51.100.1"));
        threads.remove().run();
        realtime.settle();
        assertThat(again.status()).isEqualTo(200);
    }

    @Test
    void aRefusalIsOfTheFormThatClientsKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestDecision.refuse(302, "elsewhere"))
                .withMessage("RequestDecision.status must be between 400 and 599, but is 302");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestDecision.refuse(403, "x".repeat(257)))
                .withMessageContaining("RequestDecision.message must be at most 256 characters");
        assertThat(BANNED)
                .isEqualTo(RequestDecision.refuse(403, "You are \"banned\""))
                .hasToString("refused with 403 'You are \"banned\"'");
        assertThat(RequestDecision.accept().isAccepted()).isTrue();
        assertThat(BANNED.isAccepted()).isFalse();
    }
}
