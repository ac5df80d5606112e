package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import dev.realtime.transport.Heartbeat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollingTest {
    private static final String SEPARATOR = "\u001e";
    private static final String UNKNOWN = "{\"code\":1,\"message\":\"Session ID unknown\"}";

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open().limits(Limits.DEFAULT.maxPayload(10_000)));

    @Test
    void aClientWorksOverPollingAlone() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        assertThat(ann.transport()).isEqualTo("polling");
        assertThat(ann.request(ECHO, new Text("hé"))).isEqualTo(new Text("hé"));
        Game.ticks(realtime, 0, 30);
        assertThat(Game.ticks(ann)).isEqualTo(IntStream.range(0, 30).boxed().toList());
    }

    @Test
    void aPollIsHeldUntilThereIsSomething() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange held = get(sid);
        assertThat(held.reply()).isEmpty();
        Game.ticks(realtime, 0, 1);
        assertThat(held.status()).isEqualTo(200);
        assertThat(held.text()).startsWith("42[\"tick\",{\"value\":0}");
        assertThat(held.header("Content-Type").orElseThrow()).startsWith("text/plain");
    }

    @Test
    void severalPacketsShareAPayload() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        Game.ticks(realtime, 0, 3);
        assertThat(get(sid).text().split(SEPARATOR, -1)).hasSize(3);
    }

    @Test
    void severalPacketsOfAPostAreHandledInOrder() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange post =
                post(sid, "420[\"echo\",{\"text\":\"a\"}]" + SEPARATOR + "421[\"echo\",{\"text\":\"b\"}]");
        assertThat(post.status()).isEqualTo(200);
        assertThat(post.text()).isEqualTo("ok");
        assertThat(get(sid).text()).containsSubsequence("430[{\"text\":\"a\"}]", "431[{\"text\":\"b\"}]");
    }

    @Test
    void aSecondPollAtATimeEndsTheConnection() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange first = get(sid);
        InMemoryExchange second = get(sid);
        assertThat(second.status()).isEqualTo(400);
        assertThat(first.reply()).as("the first is let go").isPresent();
        assertThat(get(sid).status()).isEqualTo(400);
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedWith413() {
        String sid = handshake();
        InMemoryExchange post = post(sid, "4" + "x".repeat(20_000));
        assertThat(post.status()).isEqualTo(413);
    }

    @Test
    void aBodyOfAnyNumberOfPacketsIsHandled() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange post = post(
                sid,
                "42[\"x\"]" + (SEPARATOR + "42[\"x\"]").repeat(600) + SEPARATOR + "420[\"echo\",{\"text\":\"a\"}]");
        assertThat(post.status()).isEqualTo(200);
        realtime.advance(Duration.ofSeconds(1)); // it rests between its refusals
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 5 && !answers.toString().contains("430["); i++) {
            answers.append(get(sid).text());
        }
        assertThat(answers.toString()).contains("430[{\"text\":\"a\"}]");
    }

    @Test
    void whoeverBringsABodyIsNotKeptBusyByItsPackets() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange post = send("POST", sid, ("6" + SEPARATOR).repeat(4_900) + "420[\"echo\",{\"text\":\"a\"}]");
        assertThat(post.reply()).as("while the rest of them waits for a worker").isEmpty();
        realtime.settle();
        assertThat(post.status()).isEqualTo(200);
        assertThat(get(sid).text()).contains("430[{\"text\":\"a\"}]");
    }

    @Test
    void aBrokenBodyIsAnsweredByAClosePacketBehindWhatWaits() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        Game.ticks(realtime, 0, 2);
        InMemoryExchange post = post(sid, "x");
        assertThat(post.status()).isEqualTo(200);
        assertThat(get(sid).text()).contains("[\"tick\",{\"value\":1}").doesNotContain(SEPARATOR + "1");
        assertThat(get(sid).text()).isEqualTo("1");
        assertThat(get(sid).status()).isEqualTo(400);
    }

    @Test
    void theClosePacketSharesNoPayloadWithMessages() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        String sid = handshake();
        post(sid, "40");
        get(sid);
        Game.ticks(realtime, 0, 3);
        realtime.namespace("/").emit(Game.SAID, new Text("last words"));
        realtime.namespace("/").disconnect(true);
        realtime.settle();
        String last = get(sid).text();
        assertThat(last).contains("last words").doesNotContain(SEPARATOR + "1");
        assertThat(get(sid).text()).isEqualTo("1");
        assertThat(ann.has(Game.SAID)).isTrue();
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void aWaitingPollIsToldOfTheEndAtOnce() {
        String sid = handshake();
        InMemoryExchange held = get(sid);
        assertThat(post(sid, "x").status()).isEqualTo(200);
        assertThat(held.text()).isEqualTo("1");
    }

    @Test
    void aBodyThatNeverEndsIsLetGo() {
        String sid = handshake();
        InMemoryExchange post = realtime.transport()
                .exchangeWithStuckBody(request("POST").query("sid", sid).view());
        realtime.settle();
        realtime.advance(Duration.ofMinutes(2));
        assertThat(post.reply().map(reply -> reply.status()).orElse(0)).isNotEqualTo(200);
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void aTransportThatFailsLeavesNothingOfABodyInTheBudget() {
        for (CompletionStage<byte[]> body : bodies()) {
            String sid = handshake();
            post(sid, "40");
            try {
                realtime.realtime().doors().exchange(new Broken(request("POST", sid), body));
            } catch (IllegalStateException failed) {
                assertThat(failed).hasMessage("broken");
            }
            realtime.settle();
            assertThat(realtime.realtime().stats().gauges()).containsEntry("inbound.bytes", 0L);
            assertThat(realtime.realtime().stats().connections()).isZero();
        }
    }

    /** None at all, one whose packets are handed on before its answer fails, one that did not come. */
    private static List<CompletionStage<byte[]>> bodies() {
        List<CompletionStage<byte[]>> bodies = new ArrayList<>();
        bodies.add(null);
        bodies.add(CompletableFuture.completedStage("6".getBytes(StandardCharsets.UTF_8)));
        bodies.add(CompletableFuture.failedStage(new java.io.IOException("gone")));
        return bodies;
    }

    /** A transport that throws where it can. */
    private record Broken(RequestView request, CompletionStage<byte[]> given) implements HttpExchange {
        @Override
        public CompletionStage<byte[]> body(int limit) {
            if (given == null) {
                throw new IllegalStateException("broken");
            }
            return given;
        }

        @Override
        public void reply(HttpReply reply) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void onAbort(Runnable gone) {}
    }

    @Test
    void rubbishInABodyEndsThatConnectionAlone() {
        TestClient bob = realtime.connect("/", "bob");
        for (String rubbish : new String[] {"x", "", "9", SEPARATOR, "b!!!", "4" + SEPARATOR, "44444"}) {
            String sid = handshake();
            post(sid, rubbish);
            realtime.advance(Duration.ofSeconds(50));
        }
        assertThat(bob.request(ECHO, new Text("still here"))).isEqualTo(new Text("still here"));
        assertThat(realtime.realtime().stats().connections()).isEqualTo(1);
    }

    @Test
    void aPollThatTheClientAbandonsLosesNothing() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        Game.ticks(realtime, 0, 3);
        ann.dropConnection();
        Game.ticks(realtime, 3, 6);
        ann.reconnect();
        assertThat(ann.recovered()).as(ann.toString()).isTrue();
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aClosePacketEndsTheConnection() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        ann.closeConnection();
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    @Test
    void aClientThatStopsPollingIsGivenUp() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        realtime.advance(Duration.ofSeconds(60));
        assertThat(realtime.realtime().stats().connections()).isZero();
        assertThat(get(sid).status()).isEqualTo(400);
    }

    @Test
    void theServerClosesAPollingClientByAPacket() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        Game.session(realtime, ann).disconnect(true);
        realtime.settle();
        assertThat(ann.isConnected()).isFalse();
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    /** What it brings would not be handled, so it must not be told that it was taken. */
    @Test
    void aPostBehindAViolationIsRefused() {
        String sid = handshake();
        post(sid, "nonsense");
        InMemoryExchange behind = post(sid, "40");
        assertThat(behind.status()).isEqualTo(400);
        assertThat(get(sid).text()).isEqualTo("1");
        assertThat(post(sid, "40").text()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aRequestBehindTheGoodbyeFindsNoConnection(String method) {
        String sid = handshake();
        List<HttpReply> replies = new ArrayList<>();
        aPollWithoutPong(sid, goodbye -> {
            replies.add(goodbye);
            realtime.realtime().doors().exchange(new Moment(request(method, sid), replies::add));
        });
        assertThat(replies).extracting(PollingTest::text).containsExactly("1", UNKNOWN);
    }

    @Test
    void anUpgradeBehindTheGoodbyeFindsNoConnection() {
        String sid = handshake();
        RequestView upgrade = TestRequest.of("GET", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "websocket")
                .query("sid", sid)
                .view();
        List<UpgradeDecision> behind = new ArrayList<>();
        aPollWithoutPong(
                sid,
                goodbye -> behind.add(realtime.realtime()
                        .doors()
                        .upgrade(upgrade)
                        .toCompletableFuture()
                        .join()));
        assertThat(behind)
                .singleElement()
                .isInstanceOfSatisfying(
                        UpgradeDecision.Refused.class,
                        refused -> assertThat(text(refused.reply())).isEqualTo(UNKNOWN));
    }

    private void aPollWithoutPong(String sid, Consumer<HttpReply> answered) {
        InMemoryExchange ping = get(sid);
        realtime.advance(Heartbeat.DEFAULT.interval());
        assertThat(ping.text()).isEqualTo("2");
        realtime.realtime().doors().exchange(new Moment(request("GET", sid), answered));
        realtime.advance(Heartbeat.DEFAULT.timeout());
    }

    @Test
    void binaryTravelsAsBase64InBothDirections() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        Game.ticks(realtime, 0, 1);
        assertThat(ann.next(TICK)).isEqualTo(new Number(0));
        var echoed = ann.askRaw("nobody", new byte[] {1, 2, 3});
        assertThat(echoed.errorCode()).isEqualTo("unknown_event");
    }

    private String handshake() {
        InMemoryExchange open = realtime.transport().exchange(request("GET").view(), new byte[0]);
        realtime.settle();
        try {
            return new ObjectMapper()
                    .readTree(open.text().substring(1))
                    .path("sid")
                    .asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private InMemoryExchange get(String sid) {
        InMemoryExchange exchange = send("GET", sid, "");
        realtime.settle();
        return exchange;
    }

    private InMemoryExchange post(String sid, String body) {
        InMemoryExchange exchange = send("POST", sid, body);
        realtime.settle();
        return exchange;
    }

    private InMemoryExchange send(String method, String sid, String body) {
        return realtime.transport().exchange(request(method, sid), body.getBytes(StandardCharsets.UTF_8));
    }

    private static RequestView request(String method, String sid) {
        return request(method).query("sid", sid).view();
    }

    private static String text(HttpReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    /** A request whose client is as fast as can be: it does the next thing in the moment in which it has its answer. */
    private record Moment(RequestView request, Consumer<HttpReply> answered) implements HttpExchange {
        @Override
        public CompletionStage<byte[]> body(int limit) {
            return CompletableFuture.completedStage(new byte[0]);
        }

        @Override
        public void reply(HttpReply reply) {
            answered.accept(reply);
        }

        @Override
        public void onAbort(Runnable gone) {}
    }

    private static TestRequest request(String method) {
        return TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
    }
}
