package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.HandshakeView;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import dev.realtime.redis.internal.wire.BusCodec.Heard;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages of the bus, as Node.js servers send and hear them. */
class BusCodecTest {
    private static final Target TAVERN = new Target(Set.of("zone:tavern"), Set.of("zone:attic"), null);

    private final BusCodec codec = new BusCodec(new BoundedLog(System::nanoTime));

    private BusMessage upstream(String name, int index) {
        Heard heard = codec.decode(Upstream.payload(name, index));
        assertThat(heard.namespace()).isEqualTo("/");
        assertThat(heard.from()).hasSize(16);
        return heard.message();
    }

    private static EventData event(String json, byte[]... attachments) {
        return new EventData(json.getBytes(UTF_8), List.of(attachments));
    }

    private static String text(EventData event) {
        return new String(event.json(), UTF_8);
    }

    @Test
    void theRequestsOfNodeAreRead() {
        BusMessage.Ask ask = (BusMessage.Ask) upstream("broadcast with acknowledgement", 0);
        assertThat(ask.target()).isEqualTo(new Target(Set.of("zone:nowhere"), Set.of(), null));
        assertThat(ask.timeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(text(ask.request())).isEqualTo("[\"ready\",1]");
        BusMessage.Fetch fetch = (BusMessage.Fetch) upstream("fetch", 0);
        assertThat(fetch.target().rooms()).containsExactly("zone:tavern");
        BusMessage.ServerEvent told = (BusMessage.ServerEvent) upstream("server-side emit", 0);
        assertThat(told.id()).isNull();
        assertThat(text(told.event())).isEqualTo("[\"sum\",1,2]");
        BusMessage.ServerEvent asked = (BusMessage.ServerEvent) upstream("server-side emit with acknowledgement", 0);
        assertThat(asked.id()).hasSize(16);
        assertThat(text(asked.event())).isEqualTo("[\"sum\",1,{\"_placeholder\":true,\"num\":0}]");
        assertThat(asked.event().attachments().get(0)).containsExactly(7);
    }

    @Test
    void theAnswersOfNodeAreRead() {
        assertThat(upstream("answer to a broadcast", 0)).isEqualTo(new BusMessage.Asked("q1", 1, Set.of()));
        BusMessage.Answered plain = (BusMessage.Answered) upstream("answer to a broadcast", 1);
        assertThat(plain.session()).isNull();
        assertThat(text(plain.answer())).isEqualTo("[{\"yes\":3}]");
        BusMessage.Answered binary = (BusMessage.Answered) upstream("binary answer to a broadcast", 1);
        assertThat(text(binary.answer())).isEqualTo("[{\"_placeholder\":true,\"num\":0}]");
        assertThat(binary.answer().attachments().get(0)).containsExactly(9, 8);
        assertThat(text(((BusMessage.Answered) upstream("empty answer to a broadcast", 1)).answer()))
                .isEqualTo("[null]");
        BusMessage.ServerReply reply = (BusMessage.ServerReply) upstream("answer to a server-side emit", 0);
        assertThat(reply.id()).isEqualTo("q5");
        assertThat(text(reply.answer())).isEqualTo("[3]");
    }

    @Test
    void theSocketsOfNodeAreSessions() {
        BusMessage.Fetched fetched = (BusMessage.Fetched) upstream("answer to a fetch", 0);
        assertThat(fetched.id()).isEqualTo("q4");
        assertThat(fetched.sessions()).hasSize(1);
        SessionView socket = fetched.sessions().get(0);
        assertThat(socket.id()).hasSize(20);
        assertThat(socket.principal()).isEqualTo(Principal.anonymous(socket.id()));
        assertThat(socket.node()).hasSize(16);
        assertThat(socket.connected()).isTrue();
        assertThat(socket.rooms())
                .containsExactlyInAnyOrder(
                        RoomKey.parse("zone:tavern"),
                        RoomKey.parse("match:1"),
                        RoomKey.parse("zone:attic"),
                        RoomKey.parse("zone:cellar"));
        assertThat(socket.attributes())
                .isEqualTo(Map.of(
                        "name", "\"ann\"",
                        "level", "7",
                        "born", "\"1970-01-01T00:00:00.000Z\"",
                        "key", "\"AQID\""));
    }

    @Test
    void whatTheLibrarySaysItUnderstands() {
        SessionView session = SessionView.of(
                "s1",
                "n1",
                Principal.of("ann")
                        .roles(Set.of("admin"))
                        .permissions(Set.of("chat"))
                        .claims(Map.of("level", 7, "tags", List.of("a")))
                        .tokenId("t-1")
                        .issuedAt(Instant.parse("2029-12-31T00:00:00Z"))
                        .expiresAt(Instant.parse("2030-01-01T00:00:00Z")),
                Set.of(RoomKey.parse("zone:tavern")),
                Map.of("hp", "10", "name", "\"x\""),
                false,
                null);
        SessionView connected = SessionView.of(
                "s2",
                "n1",
                Principal.anonymous("s2"),
                Set.of(),
                Map.of(),
                true,
                new HandshakeView(
                        Instant.ofEpochMilli(1_700_000_000_123L),
                        "203.0.113.7",
                        true,
                        "/socket.io/",
                        Map.of("EIO", "4", "transport", "websocket"),
                        Map.of("origin", "https://game.example", "user-agent", "Game/7")));
        for (BusMessage message : List.of(
                new BusMessage.Asked("q", 2, Set.of("s1", "s2")),
                new BusMessage.Answered("q", "s1", null),
                new BusMessage.Fetch("q", TAVERN),
                new BusMessage.Fetch("q", new Target(Set.of(), Set.of(), "n2")),
                new BusMessage.Fetched("q", List.of(connected, session)),
                new BusMessage.Fetched("q", List.of()),
                new BusMessage.TakenOver("s1", 1L << 40))) {
            Heard heard = codec.decode(codec.encode("n1", "/chat", message));
            assertThat(heard.from()).isEqualTo("n1");
            assertThat(heard.namespace()).isEqualTo("/chat");
            assertThat(heard.message()).isEqualTo(message);
        }
    }

    @Test
    void eventsSurviveTheWay() {
        EventData data = event(
                "[\"e\",{\"x\":[1,{\"_placeholder\":true,\"num\":1}],\"y\":{\"_placeholder\":true,\"num\":0}}]",
                new byte[] {1},
                new byte[] {2, 3});
        BusMessage.Volatile emit = (BusMessage.Volatile)
                codec.decode(codec.encode("n", "/", new BusMessage.Volatile(TAVERN, data, "player:7")))
                        .message();
        assertThat(emit.target()).isEqualTo(TAVERN);
        assertThat(emit.coalesceKey()).isEqualTo("player:7");
        assertThat(text(emit.event()))
                .isEqualTo(
                        "[\"e\",{\"x\":[1,{\"_placeholder\":true,\"num\":0}],\"y\":{\"_placeholder\":true,\"num\":1}}]");
        assertThat(emit.event().attachments().get(0)).containsExactly(2, 3);
        assertThat(emit.event().attachments().get(1)).containsExactly(1);
        BusMessage.Ask ask = (BusMessage.Ask) codec.decode(codec.encode(
                        "n", "/", new BusMessage.Ask("q", TAVERN, event("[\"e\",1]"), Duration.ofSeconds(3))))
                .message();
        assertThat(ask.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(ask.target()).isEqualTo(TAVERN);
        assertThat(text(ask.request())).isEqualTo("[\"e\",1]");
        BusMessage.ServerEvent told = (BusMessage.ServerEvent)
                codec.decode(codec.encode("n", "/", new BusMessage.ServerEvent(null, event("[\"e\",1]"))))
                        .message();
        assertThat(told.id()).isNull();
        assertThat(told.terms()).isSameAs(EventTerms.NONE);
        BusMessage.ServerEvent asked = (BusMessage.ServerEvent) codec.decode(codec.encode(
                        "n",
                        "/",
                        new BusMessage.ServerEvent(
                                "q", event("[\"e\",1]"), new EventTerms(0, Map.of("correlation", "7")))))
                .message();
        assertThat(asked.id()).isEqualTo("q");
        assertThat(asked.terms().headers()).isEqualTo(Map.of("correlation", "7"));
        BusMessage.ServerReply reply = (BusMessage.ServerReply)
                codec.decode(codec.encode("n", "/", new BusMessage.ServerReply("q", event("[5,6]"))))
                        .message();
        assertThat(text(reply.answer())).isEqualTo("[5,6]");
    }

    @Test
    void answersHaveAllTheirArguments() {
        EventData binary = event(
                "[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]", new byte[] {1}, new byte[] {2
                });
        for (EventData answer : List.of(
                event("[]"), event("[null]"), event("[1]"), event("[1,\"x\"]"), event("[null,null,3]"), binary)) {
            EventData toClient = ((BusMessage.Answered)
                            codec.decode(codec.encode("n", "/", new BusMessage.Answered("q", "s1", answer)))
                                    .message())
                    .answer();
            EventData toServer = ((BusMessage.ServerReply)
                            codec.decode(codec.encode("n", "/", new BusMessage.ServerReply("q", answer)))
                                    .message())
                    .answer();
            for (EventData read : List.of(toClient, toServer)) {
                assertThat(text(read)).isEqualTo(text(answer));
                assertThat(read.attachments()).usingRecursiveComparison().isEqualTo(answer.attachments());
            }
        }
    }

    @Test
    void argumentsOfAnAnswerThatAreNoneAreLeftOut() {
        byte[] message = new MsgpackWriter()
                .map(4)
                .string("type")
                .integer(MessageType.BROADCAST_ACK)
                .string("data")
                .map(3)
                .string("requestId")
                .string("q")
                .string("packet")
                .integer(1)
                .string("arguments")
                .string("[1,2]")
                .string("uid")
                .string("n")
                .string("nsp")
                .string("/")
                .toByteArray();
        assertThat(codec.decode(message)).isNull();
    }

    @Test
    void heartbeatsSayNoMoreThanTheirType() {
        for (int type : new int[] {1, 2, 13}) {
            assertThat(codec.decode(codec.encode("n", "/", type))).isEqualTo(new Heard("n", "/", type, null));
        }
    }

    @Test
    void unknownTypesAreLeftOut() {
        for (int type : new int[] {0, 4, 5, 6, 14, 99, 113, 115, 1000}) {
            byte[] message = new MsgpackWriter()
                    .map(4)
                    .string("type")
                    .integer(type)
                    .string("data")
                    .map(0)
                    .string("uid")
                    .string("n")
                    .string("nsp")
                    .string("/")
                    .toByteArray();
            assertThat(codec.decode(message)).isNull();
        }
    }

    @Test
    void aNumberOfClientsThatNobodyCanHaveIsLeftOut() {
        byte[] message = codec.encode("n", "/", new BusMessage.Asked("q", Integer.MAX_VALUE, Set.of()));
        assertThat(codec.decode(message)).isNull();
    }

    @Test
    void aNodeWhoseNameCouldForgeALineIsNotHeard() {
        assertThat(codec.decode(codec.encode("n\r\nWARN forged", "/", new BusMessage.TakenOver("s", 1))))
                .isNull();
        assertThat(codec.decode(codec.encode("n", "/", new BusMessage.TakenOver("s\u2028", 1))))
                .isNull();
    }
}
