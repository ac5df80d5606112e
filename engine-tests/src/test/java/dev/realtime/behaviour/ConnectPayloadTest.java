package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CONNECTs that come twice, say odd things, or are too large: what is wrong in one namespace costs that namespace. */
class ConnectPayloadTest {
    private final List<Map<String, Object>> shown = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .recovery(Recovery.off())
                    .limits(Limits.DEFAULT.maxConnectPayload(1_000))
                    .authenticator(handshake -> {
                        shown.add(handshake.auth());
                        if (handshake.auth("deny").isPresent()) {
                            throw new ConnectRefusedException("no");
                        }
                        return Optional.of(Principal.of("ann"));
                    })
                    .namespace("/", root -> root.on(ECHO, (session, text) -> text))
                    .namespace(
                            "/chat",
                            chat -> chat.on(ECHO, (session, text) -> text)
                                    .onDisconnect((session, reason) -> ends.add(reason.code()))))
            .keepAuthenticator();

    private InMemoryConnection socket() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        realtime.settle();
        return socket;
    }

    private void bothStillWork(InMemoryConnection socket, String... namespaces) {
        for (String namespace : namespaces) {
            socket.send("42" + namespace + "0[\"echo\",{\"text\":\"a\"}]");
        }
        realtime.settle();
        for (String namespace : namespaces) {
            assertThat(socket.texts()).contains("43" + namespace + "0[{\"text\":\"a\"}]");
        }
    }

    @Test
    void twoConnectsInOneWriteMakeOneSessionInTheEnd() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,");
        socket.send("40/chat,{\"latest\":true}");
        realtime.settle();
        assertThat(realtime.namespace("/chat").sessions()).hasSize(1);
        assertThat(shown).last().isEqualTo(Map.of("latest", true));
        bothStillWork(socket, "", "/chat,");
    }

    @Test
    void ofManyConnectsInOneWriteTheFirstAndTheLastAreJudged() {
        InMemoryConnection socket = socket();
        for (int i = 0; i < 1_000; i++) {
            socket.send("40/chat,{\"n\":" + i + "}");
        }
        realtime.settle();
        assertThat(realtime.namespace("/chat").sessions()).hasSize(1);
        assertThat(shown).hasSize(3).last().isEqualTo(Map.of("n", 999));
        bothStillWork(socket, "", "/chat,");
    }

    @Test
    void aSecondConnectReplacesTheSessionOfItsNamespaceAlone() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,");
        realtime.settle();
        Session first = realtime.namespace("/chat").sessions().iterator().next();
        socket.send("40/chat,");
        realtime.settle();
        assertThat(first.isClosed()).isTrue();
        assertThat(ends).containsExactly(DisconnectReason.CLIENT_DISCONNECT.code());
        bothStillWork(socket, "", "/chat,");
    }

    @Test
    void aNamespaceThatIsLeftAndJoinedInOneWriteIsJoined() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,");
        realtime.settle();
        socket.send("41/chat,");
        socket.send("40/chat,");
        socket.send("41/chat,");
        socket.send("40/chat,");
        realtime.settle();
        bothStillWork(socket, "", "/chat,");
    }

    @Test
    void aPayloadAboveTheLimitIsRefusedForItsNamespaceAlone() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,{\"token\":\"" + "x".repeat(1_000) + "\"}");
        realtime.settle();
        assertThat(socket.texts())
                .contains("44/chat,{\"message\":\"The payload is larger than"
                        + " allowed\",\"data\":{\"code\":\"payload_too_large\"}}");
        bothStillWork(socket, "");
    }

    @Test
    void aPayloadThatMayNotBeReadIsRefusedForItsNamespaceAlone() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,{\"a\":1,\"a\":2}");
        realtime.settle();
        assertThat(socket.texts()).anyMatch(text -> text.startsWith("44/chat,") && text.contains("invalid_payload"));
        bothStillWork(socket, "");
    }

    @Test
    void anUnknownNamespaceIsRefusedInTheseWords() {
        InMemoryConnection socket = socket();
        socket.send("40/nobody,");
        realtime.settle();
        assertThat(socket.texts()).contains("44/nobody,{\"message\":\"Invalid namespace\"}");
    }

    @Test
    void aRefusalWithoutDataHasNone() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,{\"deny\":\"me\"}");
        realtime.settle();
        assertThat(socket.texts()).contains("44/chat,{\"message\":\"no\"}");
    }

    @Test
    void membersThatAreNullStay() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,{\"token\":null,\"deep\":{\"a\":null}}");
        realtime.settle();
        assertThat(shown.get(1)).containsEntry("token", null).containsKey("deep");
    }

    @Test
    void withoutRecoveryPidAndOffsetAreTheApplications() {
        InMemoryConnection socket = socket();
        socket.send("40/chat,{\"pid\":\"mine\",\"offset\":\"7\"}");
        realtime.settle();
        assertThat(shown.get(1)).isEqualTo(Map.of("pid", "mine", "offset", "7"));
    }

    @Test
    void whatIsJudgedIsCountedAndGivenBack() {
        InMemoryConnection socket = socket();
        long before = realtime.realtime().doors().inbound().used();
        assertThat(before).isZero();
        for (int i = 0; i < 10; i++) {
            socket.send("40/chat,{\"n\":\"" + "x".repeat(500) + "\"}");
        }
        realtime.settle();
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        socket.reset();
        realtime.advance(Duration.ofMinutes(5));
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
    }
}
