package dev.realtime.redis.interop;

import static dev.realtime.redis.interop.JavaNode.ASK;
import static dev.realtime.redis.interop.JavaNode.ASK_BOTH;
import static dev.realtime.redis.interop.JavaNode.ASK_BYTES;
import static dev.realtime.redis.interop.JavaNode.ASK_NOTHING;
import static dev.realtime.redis.interop.JavaNode.BLOB;
import static dev.realtime.redis.interop.JavaNode.HELLO;
import static dev.realtime.redis.interop.JavaNode.LEVEL;
import static dev.realtime.redis.interop.JavaNode.NAME;
import static dev.realtime.redis.interop.JavaNode.SUM;
import static dev.realtime.redis.interop.JavaNode.SWEPT;
import static dev.realtime.redis.interop.JavaNode.TOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Fetched;
import dev.realtime.HandshakeView;
import dev.realtime.Replies;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.ServerReplies;
import dev.realtime.Session;
import dev.realtime.SessionView;
import dev.realtime.redis.RealtimePublisher;
import dev.realtime.redis.RedisOptions;
import dev.realtime.redis.interop.JavaNode.Answer;
import dev.realtime.redis.interop.JavaNode.Blob;
import dev.realtime.redis.interop.JavaNode.Pair;
import dev.realtime.redis.interop.JavaNode.Sum;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * Two nodes of the library and one server of Node.js, with {@code @socket.io/redis-streams-adapter}, are one cluster: the official client meets the
 * same at each of them.
 */
class NodeInteropTest {
    private static RedisServer redis;
    private static NodeProcess node;
    private static int nodePort;
    private static JavaNode java;
    private static JavaNode other;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void startCluster() throws Exception {
        NodeProcess.assumeInstalled();
        redis = RedisServer.start();
        node = NodeProcess.start("server.mjs", redis.url());
        nodePort = node.next("port").get("port").intValue();
        java = new JavaNode(RedisOptions.of(redis.url()));
        other = new JavaNode(RedisOptions.of(redis.url()));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> node.result("servers").intValue() == 3);
        node.awaitReading(java.namespace());
    }

    @AfterAll
    static void stopCluster() {
        if (other != null) {
            other.close();
        }
        if (java != null) {
            java.close();
        }
        if (node != null) {
            node.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private NodeClient onJava;
    private NodeClient onOther;
    private NodeClient onNode;

    @BeforeEach
    void connectClients() {
        onJava = connect(java.port(), "jane");
        onOther = connect(other.port(), "otto");
        onNode = connect(nodePort, "nora");
    }

    @AfterEach
    void disconnectClients() throws Exception {
        java.namespace().disconnect(true).toCompletableFuture().get(10, TimeUnit.SECONDS);
        for (AutoCloseable one : open) {
            one.close();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(java.namespace().fetch()).sessions().isEmpty());
    }

    private NodeClient connect(int port, String user) {
        NodeClient client = NodeClient.connect(port, user);
        open.add(client);
        return client;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void join(NodeClient client, String room) {
        assertThat(client.ask("join", room).path("error").isNull()).isTrue();
    }

    private void join(String room, NodeClient... clients) {
        for (NodeClient client : clients) {
            join(client, room);
        }
    }

    /** Exactly this event; the client library shows its listeners the offset too, as a last argument. */
    private static void assertHears(String event, NodeClient... clients) {
        String open = event.substring(0, event.length() - 1);
        for (NodeClient client : clients) {
            assertThat(client.event()).matches(Pattern.quote(open) + "(,\"\\d+-\\d+\")?]");
        }
    }

    /** Whoever was not meant hears what comes next without what was not for him. */
    private void assertNothingElse(NodeClient... clients) throws Exception {
        get(java.namespace().emit(HELLO, "mark"));
        assertHears("[\"hello\",\"mark\"]", clients);
    }

    @Test
    void whatJavaEmitsReachesRoomsOnBothKinds() throws Exception {
        join("zone:tavern", onJava, onNode);
        get(java.namespace().room("zone:tavern").emit(HELLO, "to the tavern"));
        assertHears("[\"hello\",\"to the tavern\"]", onJava, onNode);
        get(java.namespace().except(RoomKey.parse("zone:tavern")).emit(HELLO, "to the others"));
        assertHears("[\"hello\",\"to the others\"]", onOther);
        get(other.namespace().room("zone:tavern").exceptSession(onNode.id()).emit(HELLO, "not to nora"));
        assertHears("[\"hello\",\"not to nora\"]", onJava);
        get(other.namespace().session(onNode.id()).emit(HELLO, "to nora"));
        assertHears("[\"hello\",\"to nora\"]", onNode);
        assertNothingElse(onJava, onOther, onNode);
    }

    @Test
    void whatNodeEmitsReachesRoomsOnBothKinds() throws Exception {
        join("zone:tavern", onJava, onNode);
        node.result("emit", "rooms", List.of("zone:tavern"), "args", List.of("hello", "to the tavern"));
        assertHears("[\"hello\",\"to the tavern\"]", onJava, onNode);
        node.result("emit", "except", List.of("zone:tavern"), "args", List.of("hello", "to the others"));
        assertHears("[\"hello\",\"to the others\"]", onOther);
        node.result("emit", "rooms", List.of(onOther.id()), "args", List.of("hello", "to otto"));
        assertHears("[\"hello\",\"to otto\"]", onOther);
        assertNothingElse(onJava, onOther, onNode);
    }

    @Test
    void aNoteIsNobodysBusinessAtNode() throws Exception {
        try (Jedis jedis = redis.jedis()) {
            jedis.xadd(
                    "socket.io",
                    StreamEntryID.NEW_ENTRY,
                    Map.of("uid", "another", "nsp", "/", "type", "115", "data", "{\"kind\":\"any\",\"text\":\"\"}"));
        }
        assertNothingElse(onJava, onOther, onNode);
    }

    @Test
    void whatIsSaidOfAnEventForTheNodesIsNobodysBusinessAtNode() throws Exception {
        get(java.namespace()
                .header("traceparent", "00-ab-cd-01")
                .emit(HELLO.expiresAfter(Duration.ofMinutes(5)), "traced"));
        assertHears("[\"hello\",\"traced\"]", onJava, onOther, onNode);
        get(java.namespace()
                .header("traceparent", "00-ab-cd-02")
                .emit(BLOB.expiresAfter(Duration.ofMinutes(5)), new Blob(new byte[] {1, 2, -1}, "n")));
        assertHears("[\"blob\",{\"bytes\":{\"$bytes\":\"AQL/\"},\"note\":\"n\"}]", onJava, onOther, onNode);
        for (JavaNode each : List.of(java, other)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(each.headers)
                            .containsOnly("hello {traceparent=00-ab-cd-01}", "blob {traceparent=00-ab-cd-02}"));
        }
    }

    @Test
    void binaryTravelsBothWays() throws Exception {
        get(java.namespace().emit(BLOB, new Blob(new byte[] {1, 2, -1}, "n")));
        assertHears("[\"blob\",{\"bytes\":{\"$bytes\":\"AQL/\"},\"note\":\"n\"}]", onJava, onOther, onNode);
        node.result(
                "emit", "args", List.of("blob", new TreeMap<>(Map.of("bytes", Map.of("$bytes", "AQL/"), "note", "n"))));
        assertHears("[\"blob\",{\"bytes\":{\"$bytes\":\"AQL/\"},\"note\":\"n\"}]", onJava, onOther, onNode);
    }

    @Test
    void volatileEventsTravelBothWays() throws Exception {
        java.namespace().asVolatile().emit(HELLO, "light");
        assertHears("[\"hello\",\"light\"]", onJava, onOther, onNode);
        node.result("volatile", "args", List.of("hello", "lighter"));
        assertHears("[\"hello\",\"lighter\"]", onJava, onOther, onNode);
    }

    @Test
    void javaAsksClientsOfBothKinds() throws Exception {
        Replies<Answer> replies = get(java.namespace().request(ASK, 3, Duration.ofSeconds(10)));
        assertThat(replies.complete()).isTrue();
        assertThat(replies.values())
                .containsExactlyInAnyOrder(new Answer("jane", 3), new Answer("otto", 3), new Answer("nora", 3));
        Replies<byte[]> bytes = get(java.namespace().request(ASK_BYTES, null, Duration.ofSeconds(10)));
        assertThat(bytes.values()).hasSize(3).allMatch(answer -> answer.length == 3 && answer[2] == 3);
    }

    /** A Node.js server passes on the first argument alone, to other Node.js servers as well. */
    @Test
    void answersOfOurClientsHaveAllTheirArguments() throws Exception {
        Replies<Answer> both = get(java.namespace().request(ASK_BOTH, 3, Duration.ofSeconds(10)));
        assertThat(both.answers())
                .isEqualTo(Map.of(onJava.id(), new Answer("jane", 3), onOther.id(), new Answer("otto", 3)));
        assertThat(both.failed().values()).singleElement().asString().startsWith("the answer does not fit");
        Replies<Object> nothing = get(java.namespace().request(ASK_NOTHING, null, Duration.ofSeconds(10)));
        assertThat(nothing.complete()).isTrue();
        assertThat(nothing.values()).hasSize(3).containsOnlyNulls();
        JsonNode first = node.result("ask", "timeout", 10_000, "args", List.of("ask:both", 4));
        assertThat(first).extracting(JsonNode::textValue).containsExactlyInAnyOrder("jane", "otto", "nora");
    }

    @Test
    void nodeAsksClientsOfBothKinds() throws Exception {
        join("zone:tavern", onJava, onNode);
        JsonNode all = node.result("ask", "timeout", 10_000, "args", List.of("ask", 4));
        assertThat(all.findValuesAsText("answer")).containsExactlyInAnyOrder("jane", "otto", "nora");
        JsonNode some =
                node.result("ask", "timeout", 10_000, "rooms", List.of("zone:tavern"), "args", List.of("ask", 5));
        assertThat(some.findValuesAsText("answer")).containsExactlyInAnyOrder("jane", "nora");
        JsonNode bytes = node.result("ask", "timeout", 10_000, "args", List.of("ask:bytes"));
        assertThat(bytes.findValuesAsText("$bytes")).containsExactly("AQID", "AQID", "AQID");
    }

    @Test
    void bothKindsSeeWhoIsThere() throws Exception {
        join("zone:tavern", onJava, onNode);
        Fetched fetched = get(java.namespace().room("zone:tavern").fetch());
        assertThat(fetched.complete()).isTrue();
        Map<String, SessionView> seen =
                fetched.sessions().stream().collect(Collectors.toMap(SessionView::id, view -> view));
        assertThat(seen).containsOnlyKeys(onJava.id(), onNode.id());
        SessionView nora = seen.get(onNode.id());
        assertThat(nora.rooms()).contains(RoomKey.parse("zone:tavern"), RoomKey.parse("user:nora"));
        assertThat(nora.attributes()).containsEntry("name", "\"nora\"").containsEntry("level", "7");
        JsonNode sockets = node.result("fetch", "rooms", List.of("zone:tavern"));
        assertThat(sockets.findValuesAsText("id")).containsExactlyInAnyOrder(onJava.id(), onNode.id());
        for (JsonNode socket : sockets) {
            assertThat(socket.get("data").get("level").intValue()).isEqualTo(7);
            assertThat(socket.get("rooms").toString())
                    .contains("zone:tavern", socket.get("id").textValue());
            assertThat(socket.get("query").isObject()).isTrue();
        }
    }

    @Test
    void bothKindsSeeHowClientsHaveConnected() throws Exception {
        JsonNode sockets = node.result("fetch");
        Map<String, JsonNode> seenByNode = new TreeMap<>();
        sockets.forEach(socket -> seenByNode.put(socket.get("id").textValue(), socket.get("handshake")));
        assertThat(seenByNode).containsOnlyKeys(onJava.id(), onOther.id(), onNode.id());
        JsonNode oracle = seenByNode.get(onNode.id());
        for (String id : List.of(onJava.id(), onOther.id())) {
            JsonNode ours = seenByNode.get(id);
            assertThat(ours.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(oracle::fieldNames);
            assertThat(ours.fields())
                    .toIterable()
                    .allSatisfy(member -> assertThat(member.getValue().getNodeType())
                            .as(member.getKey())
                            .isEqualTo(oracle.get(member.getKey()).getNodeType()));
            assertThat(ours.get("address").textValue()).isEqualTo("127.0.0.1");
            assertThat(ours.get("url").textValue()).isEqualTo("/socket.io/?EIO=4&transport=websocket");
            assertThat(ours.get("query")).isEqualTo(oracle.get("query"));
            assertThat(ours.get("xdomain")).isEqualTo(oracle.get("xdomain"));
            assertThat(ours.get("secure")).isEqualTo(oracle.get("secure"));
            assertThat(ours.get("headers").get("host").textValue()).startsWith("127.0.0.1:");
            assertThat(ours.get("auth")).as("what only its own server knows").isEmpty();
            long issued = ours.get("issued").longValue();
            assertThat(issued).isCloseTo(System.currentTimeMillis(), within(60_000L));
            assertThat(ours.get("timeParsed").longValue()).isEqualTo(issued / 1_000 * 1_000);
        }
        HandshakeView nora = get(java.namespace().session(onNode.id()).fetch())
                .sessions()
                .get(0)
                .handshake()
                .orElseThrow();
        assertThat(nora.at().toEpochMilli()).isEqualTo(oracle.get("issued").longValue());
        assertThat(nora.address()).endsWith("127.0.0.1");
        assertThat(nora.secure()).isFalse();
        assertThat(nora.path()).isEqualTo("/socket.io/");
        assertThat(nora.query()).isEqualTo(Map.of("EIO", "4", "transport", "websocket"));
        assertThat(nora.headers()).containsOnlyKeys("host");
    }

    @Test
    void aSuspendedSessionIsNoSocketForNode() throws Exception {
        onJava.drop();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get(other.namespace().fetch()).sessions().stream()
                        .anyMatch(view -> view.id().equals(onJava.id()) && !view.connected()));
        assertThat(node.result("fetch").findValuesAsText("id")).containsExactlyInAnyOrder(onOther.id(), onNode.id());
    }

    @Test
    void bothKindsMoveSessionsOfTheOther() throws Exception {
        get(java.namespace().session(onNode.id()).join(RoomKey.parse("zone:attic")));
        node.result("join", "rooms", List.of(onJava.id()), "join", List.of("zone:attic"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get(other.namespace().room("zone:attic").fetch())
                                .sessions()
                                .size()
                        == 2);
        get(other.namespace().room("zone:attic").emit(HELLO, "attic"));
        assertHears("[\"hello\",\"attic\"]", onJava, onNode);
        get(java.namespace().session(onNode.id()).leave(RoomKey.parse("zone:attic")));
        node.result("leave", "rooms", List.of(onJava.id()), "leave", "zone:attic");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get(other.namespace().room("zone:attic").fetch())
                        .sessions()
                        .isEmpty());
    }

    @Test
    void bothKindsDisconnectSessionsOfTheOther() throws Exception {
        node.result("disconnect", "rooms", List.of(onJava.id()), "close", false);
        assertThat(onJava.disconnected()).isEqualTo("io server disconnect");
        get(java.namespace().session(onNode.id()).disconnect(false));
        assertThat(onNode.disconnected()).isEqualTo("io server disconnect");
        get(java.namespace().session(onOther.id()).disconnect(true));
        assertThat(onOther.disconnected()).isNotEmpty();
    }

    @Test
    void applicationsOfBothKindsTalk() throws Exception {
        int before = node.result("serverEvents").size();
        java.namespace().serverEmit(TOLD, "from java");
        assertThat(other.told.poll(20, TimeUnit.SECONDS)).isEqualTo("from java");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.result("serverEvents").size() == before + 1);
        assertThat(node.result("serverEvents").get(before).toString()).isEqualTo("[\"from java\"]");
        node.result("serverEmit", "args", List.of("told", "from node"));
        assertThat(java.told.poll(20, TimeUnit.SECONDS)).isEqualTo("from node");
        assertThat(other.told.poll(20, TimeUnit.SECONDS)).isEqualTo("from node");
        ServerReplies<Sum> replies = get(java.namespace().serverRequest(SUM, new Pair(2, 3), Duration.ofSeconds(10)));
        assertThat(replies.complete()).isTrue();
        assertThat(replies.answers()).containsExactly(new Sum(5), new Sum(5));
        JsonNode sums = node.result("serverAsk", "args", List.of("sum", Map.of("a", 4, "b", 5)));
        assertThat(sums.toString()).isEqualTo("[{\"sum\":9},{\"sum\":9}]");
    }

    @Test
    void aSessionOfNodeGoesOnAtJava() throws Exception {
        join("zone:tavern", onNode);
        get(java.namespace().room("zone:tavern").emit(HELLO, "before"));
        assertHears("[\"hello\",\"before\"]", onNode);
        String id = onNode.id();
        onNode.drop();
        get(java.namespace().room("zone:tavern").emit(HELLO, "one"));
        node.result("emit", "rooms", List.of("zone:tavern"), "args", List.of("hello", "two of nora"));
        awaitInTheLog("two of nora");
        get(java.namespace().room("zone:cellar").emit(HELLO, "not for nora"));
        get(java.namespace().session(id).emit(HELLO, "three"));
        awaitGoneFromNode(id);
        assertThat(onNode.moveTo(java.port())).isTrue();
        assertThat(onNode.id()).isEqualTo(id);
        assertHears("[\"hello\",\"one\"]", onNode);
        assertHears("[\"hello\",\"two of nora\"]", onNode);
        assertHears("[\"hello\",\"three\"]", onNode);
        get(other.namespace().room("zone:tavern").emit(HELLO, "after"));
        assertHears("[\"hello\",\"after\"]", onNode);
        Session session = java.namespace().find(id).orElseThrow();
        assertThat(session.get(NAME)).isEqualTo("nora");
        assertThat(session.principal().id()).isEqualTo("nora");
        assertThat(session.rooms()).contains(RoomKey.parse("zone:tavern"));
    }

    /** What a Node.js server emits has its place when Redis has it, and nothing there says when that is. */
    private static void awaitInTheLog(String text) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (Jedis jedis = redis.jedis()) {
                return jedis.xrevrange("socket.io", StreamEntryID.MAXIMUM_ID, StreamEntryID.MINIMUM_ID, 20)
                        .toString()
                        .contains(text);
            }
        });
    }

    /** A Node.js server records a session when it notices that the connection is gone, and not before. */
    private static void awaitGoneFromNode(String id) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.result("rooms", "sid", id).isBoolean());
    }

    @Test
    void aSessionOfJavaGoesOnAtNodeAndComesBackAsTheSamePrincipal() throws Exception {
        join("zone:tavern", onJava);
        get(java.namespace().room("zone:tavern").emit(HELLO, "before"));
        assertHears("[\"hello\",\"before\"]", onJava);
        String id = onJava.id();
        onJava.drop();
        get(other.namespace().room("zone:tavern").emit(HELLO, "one"));
        node.result("emit", "rooms", List.of("zone:tavern"), "args", List.of("hello", "two"));
        get(other.namespace().room("zone:cellar").emit(HELLO, "not for jane"));
        assertThat(onJava.moveTo(nodePort)).isTrue();
        assertThat(onJava.id()).isEqualTo(id);
        assertHears("[\"hello\",\"one\"]", onJava);
        assertHears("[\"hello\",\"two\"]", onJava);
        get(other.namespace().room("zone:tavern").emit(HELLO, "three"));
        assertHears("[\"hello\",\"three\"]", onJava);
        JsonNode rooms = node.result("rooms", "sid", id);
        assertThat(rooms.toString())
                .contains("zone:tavern", id, RoomKind.USER.of("jane").toString());

        onJava.drop();
        get(other.namespace().room("zone:tavern").emit(HELLO, "four"));
        awaitGoneFromNode(id);
        assertThat(onJava.moveTo(other.port())).isTrue();
        assertThat(onJava.id()).isEqualTo(id);
        assertHears("[\"hello\",\"four\"]", onJava);
        Session back = other.namespace().find(id).orElseThrow();
        assertThat(back.principal().id()).isEqualTo("jane");
        assertThat(back.get(LEVEL)).isEqualTo(7);
    }

    @Test
    void aSessionThatComesBackToAFormerHomeBringsWhatHappenedElsewhere() throws Exception {
        get(java.namespace().emit(HELLO, "before"));
        assertHears("[\"hello\",\"before\"]", onJava);
        String id = onJava.id();
        onJava.drop();
        assertThat(onJava.moveTo(nodePort)).isTrue();
        join("zone:attic", onJava); // at Node.js, while a copy of the session still waits at its former home
        onJava.drop();
        get(other.namespace().room("zone:attic").emit(HELLO, "missed"));
        awaitGoneFromNode(id);
        assertThat(onJava.moveTo(java.port())).isTrue();
        assertHears("[\"hello\",\"missed\"]", onJava);
        assertThat(java.namespace().find(id).orElseThrow().rooms()).contains(RoomKey.parse("zone:attic"));
    }

    @Test
    void aPublisherReachesBothKinds() throws Exception {
        join("zone:tavern", onJava, onNode);
        try (RealtimePublisher publisher = RealtimePublisher.connect(redis.url())) {
            get(publisher
                    .namespace("/")
                    .room("zone:tavern")
                    .exceptSession(onNode.id())
                    .emit(HELLO, "not to nora"));
            get(publisher.namespace("/").emit(BLOB, new Blob(new byte[] {7}, "n")));
            assertHears("[\"hello\",\"not to nora\"]", onJava);
            assertHears("[\"blob\",{\"bytes\":{\"$bytes\":\"Bw==\"},\"note\":\"n\"}]", onJava, onOther, onNode);
            get(publisher
                    .namespace("/")
                    .session(onOther.id())
                    .session(onNode.id())
                    .join(RoomKey.parse("zone:attic")));
            get(publisher.namespace("/").room("zone:attic").emit(SWEPT));
            assertHears("[\"swept\"]", onOther, onNode);
            get(publisher.namespace("/").user("otto").leave(RoomKey.parse("zone:attic")));
            get(publisher.namespace("/").room("zone:attic").emit(SWEPT));
            assertHears("[\"swept\"]", onNode);
            publisher.namespace("/").asVolatile().emit(HELLO, "light");
            assertHears("[\"hello\",\"light\"]", onJava, onOther, onNode);
            int before = node.result("serverEvents").size();
            publisher.namespace("/").serverEmit(TOLD, "from outside");
            assertThat(java.told.poll(20, TimeUnit.SECONDS)).isEqualTo("from outside");
            assertThat(other.told.poll(20, TimeUnit.SECONDS)).isEqualTo("from outside");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> node.result("serverEvents").size() == before + 1);
            get(publisher.namespace("/").disconnect(false));
            for (NodeClient client : List.of(onJava, onOther, onNode)) {
                assertThat(client.disconnected()).isEqualTo("io server disconnect");
            }
        }
    }
}
