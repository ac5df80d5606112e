package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers that cannot leave, since their client does not read what it missed: they are few, all arrive once it does, and nobody else is hurt. */
class WaitingAnswersTest {
    private static final Request<Number, Text> LOAD = Request.of("load", Number.class, Text.class);
    private static final Request<Number, Text> KEEP = Request.of("keep", Number.class, Text.class);
    private static final Request<Number, Text> PLAIN = Request.of("plain", Number.class, Text.class);
    private static final Event<Text> NEWS = Event.of("news", Text.class);
    private static final int MISSED = 100;
    private static final int MOST = 200;
    private static final int MOST_BYTES = 500_000;

    private final List<Integer> handled = new ArrayList<>();
    private final List<DisconnectReason> suspended = new ArrayList<>();
    private CompletableFuture<Void> stored = CompletableFuture.completedFuture(null);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .recovery(Recovery.within(Duration.ofMinutes(10)))
                    .outbox(OutboxLimits.DEFAULT.maxBytes(64_000).stallTimeout(Duration.ofSeconds(20)))
                    .limits(Limits.DEFAULT.maxPendingEvents(MOST).maxPendingBytes(MOST_BYTES))
                    .namespace(
                            "/",
                            game -> game.allowAnonymous()
                                    .onSuspend((session, reason) -> suspended.add(reason))
                                    .on(LOAD, (session, size) -> {
                                        handled.add(size.value());
                                        session.namespace().asVolatile().emit(TICK, size);
                                        return new Text("x".repeat(size.value()));
                                    })
                                    .on(PLAIN, (session, size) -> new Text("plain"))
                                    .on(KEEP, (session, size) -> {
                                        handled.add(size.value());
                                        session.join(RoomKey.plain("room" + handled.size() % 2));
                                        return new Text("x".repeat(size.value()));
                                    })))
            .backend(this::slowlyRecorded);

    private Backend slowlyRecorded(Backend backend) {
        SessionStore sessions = backend.sessions();
        SessionStore slow = around(SessionStore.class, (method, arguments) -> {
            Object result = method.invoke(sessions, arguments);
            return method.getName().equals("save")
                    ? ((CompletionStage<?>) result).thenCombine(stored, (saved, now) -> saved)
                    : result;
        });
        return around(
                Backend.class,
                (method, arguments) -> method.getName().equals("sessions") ? slow : method.invoke(backend, arguments));
    }

    private interface Call {
        Object invoke(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T around(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.invoke(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** Comes back to much that it has missed, and reads nothing of it. */
    private InMemoryConnection stuck(TestClient client) {
        realtime.namespace("/").emit(NEWS, new Text("the first"));
        realtime.settle();
        String pid = client.privateId().orElseThrow();
        String offset = client.lastOffset().orElseThrow();
        client.dropConnection();
        suspended.clear();
        for (int i = 0; i < MISSED; i++) {
            realtime.namespace("/").emit(NEWS, new Text("x".repeat(4_000)));
        }
        realtime.settle();
        InMemoryConnection socket = open();
        socket.stall();
        socket.send("40{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}");
        realtime.settle();
        return socket;
    }

    private InMemoryConnection open() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        realtime.settle();
        return socket;
    }

    private void ask(InMemoryConnection socket, int from, int through, int size) {
        IntStream.range(from, through).forEach(i -> socket.send("42" + i + "[\"load\",{\"value\":" + size + "}]"));
        realtime.settle();
    }

    private static List<Integer> answered(InMemoryConnection socket) {
        return socket.texts().stream()
                .filter(text -> text.startsWith("43"))
                .map(text -> Integer.valueOf(text.substring(2, text.indexOf('['))))
                .toList();
    }

    private static long news(InMemoryConnection socket) {
        return socket.texts().stream()
                .filter(text -> text.startsWith("42[\"news\""))
                .count();
    }

    private long used() {
        return realtime.realtime().doors().inbound().used();
    }

    @Test
    void largeAnswersAreBoundedByTheirBytes() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 2_000, 10_000);
        assertThat(handled).hasSizeBetween(10, MOST_BYTES / 10_000 + 1);
        assertThat(used()).as("the node's budget has them").isBetween(MOST_BYTES / 2L, 3L * MOST_BYTES);
        assertThat(socket.unread()).isGreaterThan(1_500);
        assertThat(realtime.connect("/", "bob").request(LOAD, new Number(3)).text())
                .isEqualTo("xxx");

        socket.resume();
        realtime.settle();
        assertThat(news(socket)).isEqualTo(MISSED);
        assertThat(answered(socket)).isEqualTo(IntStream.range(0, 2_000).boxed().toList());
        assertThat(suspended).isEmpty();
        assertThat(used()).isZero();
    }

    @Test
    void smallAnswersAreBoundedByTheirNumber() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 5_000, 1);
        assertThat(handled).hasSize(MOST);
        assertThat(socket.unread()).isGreaterThan(4_000);

        socket.resume();
        realtime.settle();
        assertThat(answered(socket)).isEqualTo(IntStream.range(0, 5_000).boxed().toList());
        assertThat(suspended).isEmpty();
        assertThat(used()).isZero();
    }

    @Test
    void answersThatDoNotFitTheOutboxTogetherLeaveOneAfterAnother() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 4, 100_000);
        socket.resume();
        realtime.settle();
        assertThat(answered(socket)).containsExactly(0, 1, 2, 3);
        assertThat(news(socket)).isEqualTo(MISSED);
        assertThat(suspended).isEmpty();
        realtime.namespace("/").emit(NEWS, new Text("later"));
        realtime.settle();
        assertThat(news(socket)).isEqualTo(MISSED + 1);
    }

    @Test
    void anAnswerThatWaitsForNothingOvertakesNoneThatWaits() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 2, 10);
        socket.send("422[\"plain\",{\"value\":1}]");
        realtime.settle();
        ask(socket, 3, 4, 10);
        socket.resume();
        realtime.settle();
        assertThat(answered(socket)).containsExactly(0, 1, 2, 3);
        assertThat(used()).isZero();
        socket.send("424[\"plain\",{\"value\":1}]");
        realtime.settle();
        assertThat(answered(socket)).endsWith(4);
    }

    @Test
    void anAnswerBehindAnEventAndARecordComesBeforeTheNextOne() {
        InMemoryConnection socket = open();
        socket.send("40");
        realtime.settle();
        stored = new CompletableFuture<>();
        socket.send("420[\"keep\",{\"value\":10}]");
        socket.send("421[\"load\",{\"value\":10}]");
        socket.send("422[\"plain\",{\"value\":10}]");
        realtime.settle();
        assertThat(answered(socket)).isEmpty();
        stored.complete(null);
        realtime.settle();
        assertThat(answered(socket)).containsExactly(0, 1, 2);
        assertThat(used()).isZero();
    }

    @Test
    void answersThatWaitForASlowStoreAreBoundedToo() {
        InMemoryConnection socket = open();
        socket.send("40");
        realtime.settle();
        stored = new CompletableFuture<>();
        for (int i = 0; i < 2_000; i++) {
            socket.send("42" + i + "[\"keep\",{\"value\":100}]");
        }
        realtime.settle();
        assertThat(handled).hasSize(MOST);
        assertThat(used()).isPositive();
        assertThat(socket.unread()).isGreaterThan(1_500);
        CompletableFuture<Void> answers = stored;
        stored = CompletableFuture.completedFuture(null);
        answers.complete(null);
        realtime.advance(Duration.ofSeconds(5)); // records have a pace
        assertThat(handled).hasSize(2_000);
        assertThat(answered(socket)).isEqualTo(IntStream.range(0, 2_000).boxed().toList());
        assertThat(used()).isZero();
    }

    @Test
    void whoIsEndedForNotReadingGivesAllOfItBack() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 2_000, 10_000);
        assertThat(used()).isPositive();
        realtime.advance(Duration.ofMinutes(1));
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
        assertThat(socket.hasEnded()).isTrue();
        assertThat(used()).isZero();
    }

    @Test
    void whoIsSentAwayGivesAllOfItBack() {
        TestClient ann = realtime.client().connect("/");
        InMemoryConnection socket = stuck(ann);
        ask(socket, 0, 2_000, 10_000);
        int before = handled.size();
        Game.session(realtime, ann).disconnect();
        realtime.advance(Limits.DEFAULT.emitTimeout().plusSeconds(1));
        assertThat(realtime.namespace("/").find(ann.id())).isEmpty();
        assertThat(used()).isZero();
        assertThat(handled).hasSize(before);
    }

    @Test
    void whoReadsALittleNowAndThenDoesNotHoldUpADrain() {
        InMemoryConnection socket = stuck(realtime.client().connect("/"));
        ask(socket, 0, 2_000, 10_000);
        var drained = realtime.realtime().drain(Duration.ofMinutes(10)).toCompletableFuture();
        for (int i = 0; i < 5; i++) {
            realtime.advance(Duration.ofSeconds(5));
            socket.resume(); // one write's worth
            socket.stall();
        }
        realtime.advance(Duration.ofSeconds(5));
        assertThat(suspended).containsExactly(DisconnectReason.SLOW_CONSUMER);
        realtime.advance(Duration.ofSeconds(15)); // closing a connection that is not read
        assertThat(drained).isDone();
        assertThat(used()).isZero();
    }

    /** A transport that breaks its word: it throws, and throws again when it is to let go. */
    private static final class Broken implements Connection {
        private boolean broken;

        @Override
        public boolean write(List<Frame> batch, WriteListener listener) {
            if (broken) {
                throw new IllegalStateException("planned");
            }
            return true;
        }

        @Override
        public boolean pauseReading() {
            return true;
        }

        @Override
        public void resumeReading() {}

        @Override
        public void close(int code, String reason) {}

        @Override
        public void terminate() {
            throw new IllegalStateException("planned too");
        }
    }

    @Test
    void anAnswerThatCannotBeSentKeepsNoOtherBack() {
        Broken connection = new Broken();
        UpgradeDecision.Accepted accepted = (UpgradeDecision.Accepted) realtime.realtime()
                .doors()
                .upgrade(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view())
                .toCompletableFuture()
                .join();
        ConnectionListener client = accepted.open().apply(connection);
        client.text("40");
        realtime.settle();
        stored = new CompletableFuture<>();
        for (int i = 0; i < 3; i++) {
            client.text("42" + i + "[\"keep\",{\"value\":10000}]");
        }
        realtime.settle();
        assertThat(handled).hasSize(3);
        assertThat(used()).isPositive();
        connection.broken = true;
        stored.complete(null);
        realtime.settle();
        assertThat(used()).isZero();
        assertThat(suspended).containsExactly(DisconnectReason.TRANSPORT_ERROR);
    }
}
