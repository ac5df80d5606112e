package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers that clients have asked for and do not take: those of all connections of one address are bounded together, and nobody else notices. */
class UnreadAnswersTest {
    private static final Request<Number, Text> STATE = Request.of("state", Number.class, Text.class);
    private static final String MALLORY = "203.0.113.7";
    private static final int SIZE = 100_000;
    private static final long LIMIT = 16 << 20;
    private static final long SHARE = LIMIT / 4 / 4;

    private final List<DisconnectReason> suspended = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxPayload(200_000).maxInboundBytes(LIMIT))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onSuspend((session, reason) -> suspended.add(reason))
                            .on(STATE, (session, size) -> new Text("x".repeat(size.value())))));

    private InMemoryConnection open(String address) {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .from(address)
                        .view());
        realtime.settle();
        socket.send("40");
        realtime.settle();
        return socket;
    }

    private void ask(InMemoryConnection socket, int times, int size) {
        for (int id = 0; id < times; id++) {
            socket.send("42" + id + "[\"state\",{\"value\":" + size + "}]");
        }
        realtime.settle();
    }

    private static long answers(InMemoryConnection socket) {
        return socket.texts().stream().filter(text -> text.startsWith("43")).count();
    }

    private long used() {
        return realtime.realtime().doors().inbound().used();
    }

    @Test
    void manyConnectionsOfOneAddressHoldNoMoreThanItsShare() {
        List<InMemoryConnection> stalled = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            InMemoryConnection socket = open(MALLORY);
            socket.stall();
            ask(socket, 5, SIZE);
            stalled.add(socket);
        }
        assertThat(used()).as("held for all of them").isBetween(SHARE / 2, SHARE);
        assertThat(suspended).as("let go").hasSizeGreaterThanOrEqualTo(20).containsOnly(DisconnectReason.SLOW_CONSUMER);
        assertThat(realtime.realtime().stats().counters().get("unread.refused")).isEqualTo(suspended.size());
        assertThat(realtime.realtime().stats().counters().get("inbound.refused"))
                .isZero();

        InMemoryConnection ann = open("198.51.100.1");
        ann.stall();
        ask(ann, 5, SIZE);
        ann.resume();
        realtime.settle();
        assertThat(answers(ann)).as("for somebody else").isEqualTo(5);

        InMemoryConnection reading = open(MALLORY);
        ask(reading, 5, SIZE);
        assertThat(answers(reading)).as("for who takes them at once").isEqualTo(5);

        stalled.forEach(InMemoryConnection::resume);
        realtime.settle();
        assertThat(used()).as("when all has been taken").isZero();
    }

    @Test
    void whatIsHeldIsGivenBackWithTheConnection() {
        InMemoryConnection socket = open(MALLORY);
        socket.stall();
        ask(socket, 5, SIZE);
        assertThat(used()).isGreaterThan(4 * SIZE);
        socket.reset();
        realtime.settle();
        assertThat(used()).isZero();
    }

    @Test
    void smallAnswersAreNotCounted() {
        InMemoryConnection socket = open(MALLORY);
        socket.stall();
        ask(socket, 10, 100);
        assertThat(used()).isZero();
    }
}
