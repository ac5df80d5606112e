package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers that run on the thread that read their event: what they send leaves in one write at the end of the read. */
class DirectHandlersTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Request<Text, Text> MEANWHILE = Request.of("meanwhile", Text.class, Text.class);
    private static final Event<Void> LEAVE = Event.of("go");

    private final ArrayDeque<Runnable> onOtherThreads = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final CompletableFuture<Text> later = new CompletableFuture<>();
    private Runnable meanwhile = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> game.directExecutor()
                    .onAsync(LATER, (session, text) -> later)
                    .on(MEANWHILE, (session, text) -> {
                        meanwhile.run();
                        return text;
                    })
                    .on(LEAVE, (session, nothing) -> session.disconnect())
                    .onDisconnect((session, reason) -> told.add("disconnected"))))
            .handlers(onOtherThreads::add);

    private void othersRun() {
        do {
            while (!onOtherThreads.isEmpty()) {
                onOtherThreads.remove().run();
            }
            realtime.settle();
        } while (!onOtherThreads.isEmpty());
    }

    private TestClient connect(boolean polling) {
        TestClient ann = realtime.client().user("ann").polling(polling).connect("/");
        othersRun();
        assertThat(ann.isConnected()).isTrue();
        return ann;
    }

    private static String echo(int id) {
        return "42" + id + "[\"echo\",{\"text\":\"" + id + "\"}]";
    }

    private static String answer(int id) {
        return "43" + id + "[{\"text\":\"" + id + "\"}]";
    }

    /** The batches behind the first so many. */
    private static List<List<String>> batches(InMemoryConnection socket, int from) {
        return socket.batches().stream()
                .skip(from)
                .map(batch -> batch.stream().map(DirectHandlersTest::text).toList())
                .toList();
    }

    private static String text(Frame frame) {
        return new String(frame.bytes(), 0, frame.size(), StandardCharsets.UTF_8);
    }

    @Test
    void theAnswersToOneReadLeaveInOneWrite() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        realtime.settle();
        othersRun();
        int before = socket.batches().size();
        socket.sendTogether(List.of(echo(1), echo(2), echo(3)));
        realtime.settle();
        socket.sendTogether(List.of(echo(4), echo(5)));
        realtime.settle();
        assertThat(batches(socket, before))
                .containsExactly(List.of(answer(1), answer(2), answer(3)), List.of(answer(4), answer(5)));
    }

    @Test
    void whatCameInAPostIsAnsweredAsSoonAsItIsHandled() {
        TestClient ann = connect(true);
        TestReply<Text> one = ann.ask(ECHO, new Text("1"));
        TestReply<Text> two = ann.ask(ECHO, new Text("2"));
        assertThat(one.value()).isEqualTo(new Text("1"));
        assertThat(two.value()).isEqualTo(new Text("2"));
    }

    /** The WebSocket has a thread of its own that reads, and says that its read is complete before what the POST brought has been answered. */
    @Test
    void whatCameInAPostIsAnsweredAlsoWhenTheClientUpgradesMeanwhile() {
        TestRequest polling =
                TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "polling");
        InMemoryExchange handshake = realtime.transport().exchange(polling.view(), new byte[0]);
        realtime.settle();
        String sid = handshake.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        RequestView post = TestRequest.of("POST", "/socket.io/")
                .query("EIO", "4")
                .query("transport", "polling")
                .query("sid", sid)
                .view();
        post(post, "40");
        othersRun();
        InMemoryConnection webSocket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .query("sid", sid)
                        .view());
        webSocket.send("2probe");
        realtime.settle();
        meanwhile = () -> {
            webSocket.send("5");
            realtime.settle();
        };
        post(post, "421[\"meanwhile\",{\"text\":\"1\"}]");
        assertThat(webSocket.texts()).contains(answer(1));
    }

    /** On the thread of the test, where the direct handlers run too. */
    private void post(RequestView request, String body) {
        realtime.realtime().doors().exchange(new Posted(request, body));
        realtime.settle();
    }

    /** A POST whose body is there. */
    private record Posted(RequestView request, String text) implements HttpExchange {
        @Override
        public CompletionStage<byte[]> body(int limit) {
            return CompletableFuture.completedFuture(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void reply(HttpReply reply) {}

        @Override
        public void onAbort(Runnable gone) {}
    }

    @Test
    void whatComesBehindAHandlerThatGoesOnElsewhereWaitsForIt() {
        TestClient ann = connect(false);
        TestReply<Text> first = ann.ask(LATER, new Text("a"));
        TestReply<Text> second = ann.ask(ECHO, new Text("b"));
        othersRun();
        assertThat(first.isAnswered()).isFalse();
        assertThat(second.isAnswered()).isFalse();
        later.complete(new Text("done"));
        othersRun();
        assertThat(first.value()).isEqualTo(new Text("done"));
        assertThat(second.value()).isEqualTo(new Text("b"));
    }

    @Test
    void whatAHandlerCausesOfListenersDoesNotRunOnTheThreadThatReads() {
        TestClient ann = connect(false);
        ann.emit(SAY, new Text("a"));
        ann.emit(LEAVE);
        realtime.settle();
        assertThat(told).isEmpty();
        othersRun();
        assertThat(told).containsExactly("disconnected");
        assertThat(ann.isConnected()).isFalse();
    }
}
