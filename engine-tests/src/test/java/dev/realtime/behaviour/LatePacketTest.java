package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client sends for a namespace in which its session has ended is ignored; it may have been on its way. */
class LatePacketTest {
    private static final int LIMIT = 10;

    private final List<String> suspended = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .limits(Limits.DEFAULT.latePacketsPerMinute(LIMIT))
                    .namespace(
                            "/",
                            root -> root.allowAnonymous()
                                    .on(ECHO, (session, text) -> text)
                                    .onSuspend((session, reason) -> suspended.add(reason.code()))
                                    .onDisconnect((session, reason) -> ends.add(reason.code())))
                    .namespaces(
                            name -> name.startsWith("/match-"),
                            match -> match.allowAnonymous().on(ECHO, (session, text) -> text)))
            .start();

    @AfterEach
    void stop() {
        realtime.close();
    }

    private InMemoryConnection inRootAndOut(String namespace) {
        InMemoryConnection client = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        client.send("40");
        realtime.settle();
        leave(client, namespace);
        return client;
    }

    private void leave(InMemoryConnection client, String namespace) {
        client.send("40" + namespace + ",");
        realtime.settle();
        client.send("41" + namespace + ",");
        realtime.settle();
    }

    private long late() {
        return realtime.realtime().stats().counters().get("packets.late");
    }

    private void sendLate(InMemoryConnection client, int times) {
        for (int i = 0; i < times; i++) {
            client.send("42/match-1,[\"echo\",{\"text\":\"a\"}]");
        }
        realtime.settle();
    }

    @Test
    void theyAreIgnoredAndCounted() {
        InMemoryConnection client = inRootAndOut("/match-1");
        client.send("42/match-1,0[\"echo\",{\"text\":\"a\"}]");
        client.send("43/match-1,0[]");
        client.send("41/match-1,");
        client.send("421[\"echo\",{\"text\":\"b\"}]");
        realtime.settle();
        assertThat(client.texts()).contains("431[{\"text\":\"b\"}]").noneMatch(text -> text.startsWith("43/match-1"));
        assertThat(late()).isEqualTo(3);
    }

    @Test
    void whoSendsMoreOfThemThanItMayLosesItsConnection() {
        InMemoryConnection client = inRootAndOut("/match-1");
        sendLate(client, LIMIT);
        assertThat(client.isOpen()).isTrue();
        sendLate(client, 1);
        assertThat(client.isOpen()).isFalse();
        assertThat(late()).isEqualTo(LIMIT + 1);
        assertThat(ends).containsExactly(DisconnectReason.FLOOD.code());
        assertThat(suspended).isEmpty();
    }

    @Test
    void thoseThatComeSteadilyAreIgnoredForEver() {
        InMemoryConnection client = inRootAndOut("/match-1");
        for (int i = 0; i < 5 * LIMIT; i++) {
            sendLate(client, 1);
            realtime.advance(Duration.ofMinutes(1).dividedBy(LIMIT));
            client.send("3");
        }
        assertThat(client.isOpen()).isTrue();
        assertThat(late()).isEqualTo(5 * LIMIT);
    }

    /** Of so many that not all are remembered, the last are: their packets are those that may be on their way. */
    @Test
    void itMayHaveLeftManyNamespaces() {
        InMemoryConnection client = inRootAndOut("/match-1");
        for (int i = 2; i < 25; i++) {
            leave(client, "/match-" + i);
        }
        client.send("42/match-24,[\"echo\",{\"text\":\"a\"}]");
        realtime.settle();
        assertThat(client.isOpen()).isTrue();
        assertThat(late()).isEqualTo(1);
    }
}
