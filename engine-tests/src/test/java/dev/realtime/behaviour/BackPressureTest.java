package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that sends faster than it is served is read later, not ended; what it may have waiting is bounded in events and bytes. */
class BackPressureTest {
    private static final Request<Text, Void> WAIT = Request.of("wait", Text.class, Void.class);
    private static final Event<Text> SAY = Event.of("say", Text.class);

    private final List<String> handled = new ArrayList<>();
    private final List<DisconnectReason> ends = new ArrayList<>();
    private CompletableFuture<Void> gate = new CompletableFuture<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(10)).timeout(Duration.ofSeconds(5)))
            .limits(Limits.DEFAULT
                    .maxPendingEvents(100)
                    .maxPendingBytes(100_000)
                    .maxInboundBytes(8_000_000)
                    .handlerTimeout(Duration.ofMinutes(10)))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(ECHO, (session, text) -> text)
                            .on(SAY, (session, text) -> handled.add(text.text()))
                            .onAsync(WAIT, (session, text) -> gate)
                            .onSuspend((session, reason) -> ends.add(reason))
                            .onDisconnect((session, reason) -> ends.add(reason)))
            .namespace("/chat", chat -> chat.allowAnonymous().on(SAY, (session, text) -> handled.add(text.text()))));

    private List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private void open() {
        CompletableFuture<Void> closed = gate;
        gate = new CompletableFuture<>();
        closed.complete(null);
        realtime.settle();
    }

    private long used() {
        return realtime.realtime().doors().inbound().used();
    }

    @Test
    void aBurstBehindASlowHandlerIsHandledInOrder() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        numbers(3_000).forEach(n -> ann.emit(SAY, new Text(n)));
        realtime.settle();
        assertThat(ann.connection().unread()).isEqualTo(2_901);
        assertThat(realtime.realtime().stats().counters().get("reading.paused")).isEqualTo(1);
        open();
        assertThat(handled).isEqualTo(numbers(3_000));
        assertThat(ann.isConnected()).isTrue();
        assertThat(ends).isEmpty();
    }

    @Test
    void aSessionWhoseClientIsNotReadIsNotForgotten() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        numbers(3_000).forEach(n -> ann.emit(SAY, new Text(n)));
        realtime.advance(Duration.ofMinutes(9)); // more than two windows
        ann.dropConnection();
        open();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ends).containsExactly(DisconnectReason.TRANSPORT_ERROR);
    }

    @Test
    void aBurstOverPollingIsHandledInOrderAndItsPostWaits() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange burst = post(
                sid,
                "420[\"wait\",{\"text\":\"!\"}]\u001e"
                        + numbers(3_000).stream()
                                .map(n -> "42[\"say\",{\"text\":\"" + n + "\"}]")
                                .collect(Collectors.joining("\u001e")));
        assertThat(burst.reply()).as("held").isEmpty();
        assertThat(handled).isEmpty();
        open();
        assertThat(burst.status()).isEqualTo(200);
        assertThat(handled).isEqualTo(numbers(3_000));
        assertThat(ends).isEmpty();
    }

    @Test
    void aHeldPostEndsWithItsConnection() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryExchange burst =
                post(sid, "420[\"wait\",{\"text\":\"!\"}]" + "\u001e42[\"say\",{\"text\":\"a\"}]".repeat(3_000));
        assertThat(burst.reply()).isEmpty();
        burst.abort();
        realtime.settle();
        open();
        assertThat(ends).containsExactly(DisconnectReason.TRANSPORT_CLOSED);
        assertThat(handled).hasSize(99);
        assertThat(used()).isZero();
    }

    @Test
    void largeEventsStopReadingByTheirBytes() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        for (int i = 0; i < 50; i++) {
            ann.emit(SAY, new Text("x".repeat(20_000)));
        }
        realtime.settle();
        assertThat(ann.connection().unread()).isEqualTo(47);
        assertThat(used()).isBetween(100_000L, 200_000L);
        open();
        assertThat(handled).hasSize(50);
        assertThat(used()).isZero();
    }

    @Test
    void whatASuspendedSessionHasToHandleIsBoundedToo() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 10; i++) {
                ann.emit(SAY, new Text("x".repeat(20_000)));
            }
            ann.dropConnection();
            ann.reconnect();
        }
        assertThat(ann.recovered()).isTrue();
        assertThat(used()).isLessThan(200_000);
        open();
        assertThat(used()).isZero();
        assertThat(handled).hasSize(3);
        ann.emit(SAY, new Text("after"));
        realtime.settle();
        assertThat(handled).last().isEqualTo("after");
    }

    @Test
    void aPausedClientIsNotTakenForSilent() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        numbers(200).forEach(n -> ann.emit(SAY, new Text(n)));
        realtime.advance(Duration.ofMinutes(3));
        assertThat(ends).isEmpty();
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.connection().unread()).isGreaterThan(100);
        open();
        realtime.advance(Duration.ofMinutes(3));
        assertThat(ann.isConnected()).isTrue();
        assertThat(handled).hasSize(200);
    }

    @Test
    void aPongOfBeforeThePauseConfirmsNothingSentSince() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(WAIT, new Text("!"));
        numbers(200).forEach(n -> ann.emit(SAY, new Text(n)));
        realtime.advance(Duration.ofSeconds(45)); // several pings, and pongs that are not read
        ann.connection().stall();
        realtime.namespace("/").emit(Game.SAID, new Text("not seen"));
        realtime.settle();
        open(); // the pongs are read now
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(Game.SAID)).containsExactly(new Text("not seen"));
    }

    @Test
    void oneNamespaceThatIsBehindPausesTheConnectionAndItsEndResumesIt() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient chat = ann.also("/chat");
        ann.ask(WAIT, new Text("!"));
        numbers(150).forEach(n -> ann.emit(SAY, new Text(n)));
        chat.emit(SAY, new Text("chat"));
        realtime.settle();
        assertThat(handled).isEmpty();
        Game.session(realtime, ann).disconnect();
        open();
        assertThat(handled).contains("chat");
    }

    @Test
    void aSecondSlowPhasePausesAgain() {
        TestClient ann = realtime.connect("/", "ann");
        for (int phase = 1; phase <= 3; phase++) {
            ann.ask(WAIT, new Text("!"));
            numbers(300).forEach(n -> ann.emit(SAY, new Text(n)));
            assertThat(ann.connection().unread()).isEqualTo(201);
            open();
            assertThat(handled).hasSize(300 * phase);
        }
        assertThat(used()).isZero();
    }

    @Test
    void beforeTheFirstSessionMessagesAreSmall() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40{\"token\":\"" + "x".repeat(40_000) + "\"}");
        realtime.settle();
        assertThat(socket.closeCode()).isEqualTo(1009);

        String sid = handshake();
        assertThat(post(sid, "40{\"token\":\"" + "x".repeat(40_000) + "\"}").status())
                .isEqualTo(413);
    }

    @Test
    void beforeTheFirstSessionThereIsNothingBinary() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("451-[\"say\",{\"_placeholder\":true,\"num\":0}]");
        socket.send(new byte[1_000]);
        realtime.settle();
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void attachmentsThatAreNotCompleteAreCounted() {
        TestClient ann = realtime.connect("/", "ann");
        ann.sendRaw("452-[\"say\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        ann.connection().send(new byte[100_000]);
        realtime.settle();
        assertThat(used()).isGreaterThan(90_000);
        ann.dropConnection();
        realtime.settle();
        assertThat(used()).isZero();
    }

    @Test
    void manyWhoHoldMuchAreLetGoBeforeTheNodeIsFull() {
        List<TestClient> crowd = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            TestClient one = realtime.connect("/", "user" + i);
            one.sendRaw("452-[\"say\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
            one.connection().send(new byte[500_000]);
            crowd.add(one);
        }
        realtime.settle();
        assertThat(used()).isLessThanOrEqualTo(2_000_000);
        assertThat(crowd.stream().filter(TestClient::isConnected)).hasSize(4);
        assertThat(realtime.connect("/", "bob").request(ECHO, new Text("small")))
                .isEqualTo(new Text("small"));
    }

    @Test
    void aPostThatWaitsWhenItsConnectionUpgradesIsRefusedAndLeavesNothingBehind() {
        String sid = handshake();
        post(sid, "40");
        get(sid);
        InMemoryConnection webSocket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .query("sid", sid)
                        .view());
        webSocket.send("2probe");
        realtime.settle();
        String event = "42[\"say\",{\"text\":\"" + "x".repeat(40_000) + "\"}]";
        InMemoryExchange post = post(sid, "42[\"wait\",{\"text\":\"!\"}]" + ("\u001e" + event).repeat(10));
        assertThat(post.reply()).as("held").isEmpty();
        webSocket.send("5");
        realtime.settle();
        assertThat(post.status()).isEqualTo(400);
        open();
        webSocket.send("1");
        realtime.settle();
        assertThat(used()).isZero();
    }

    private String handshake() {
        InMemoryExchange open = realtime.transport().exchange(request("GET").view(), new byte[0]);
        realtime.settle();
        String text = open.text();
        return text.substring(9, text.indexOf('"', 9));
    }

    private InMemoryExchange get(String sid) {
        InMemoryExchange exchange =
                realtime.transport().exchange(request("GET").query("sid", sid).view(), new byte[0]);
        realtime.settle();
        return exchange;
    }

    private InMemoryExchange post(String sid, String body) {
        InMemoryExchange exchange = realtime.transport()
                .exchange(request("POST").query("sid", sid).view(), body.getBytes(StandardCharsets.UTF_8));
        realtime.settle();
        return exchange;
    }

    private static TestRequest request(String method) {
        return TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
    }
}
