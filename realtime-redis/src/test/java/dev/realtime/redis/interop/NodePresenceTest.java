package dev.realtime.redis.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Online;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.SessionView;
import dev.realtime.drain.DrainOptions;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.Status;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two nodes with presence and one server of Node.js: its clients are not disturbed by what the nodes write, and of its sockets presence knows those that
 * are, or come, to the nodes.
 */
class NodePresenceTest {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final RoomKind ZONE = RoomKind.named("zone");
    private static final RoomKey TAVERN = ZONE.of("tavern");
    private static final RoomKey ATTIC = ZONE.of("attic");
    private static final Event<String> HELLO = Event.of("hello", String.class);

    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    private static RedisServer redis;
    private static NodeProcess node;
    private static int nodePort;
    private static Node one;
    private static Node two;

    private final List<NodeClient> clients = new ArrayList<>();

    /** One engine and its port; whoever comes is in the tavern. */
    private static final class Node implements AutoCloseable {
        final Realtime realtime;
        final StandaloneServer server;

        Node(String url) {
            realtime = Realtime.builder()
                    .authenticator(new TestUsers())
                    .recovery(Recovery.within(WINDOW))
                    .backend(RedisBackend.connect(RedisOptions.of(url)))
                    .namespace(
                            "/",
                            game -> game.presence(PresenceOptions.DEFAULT
                                            .rooms(ZONE)
                                            .onChange((namespace, change) -> TOLD.add(
                                                    change.userId() + (change.online() ? " online" : " offline"))))
                                    .onConnect(session -> session.join(TAVERN)))
                    .build();
            server = StandaloneServer.start(
                    realtime,
                    StandaloneOptions.DEFAULT
                            .host("127.0.0.1")
                            .port(0)
                            .drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        }

        Namespace namespace() {
            return realtime.namespace("/");
        }

        Presence presence() {
            return namespace().presence();
        }

        @Override
        public void close() {
            server.close();
            realtime.close();
        }
    }

    @BeforeAll
    static void startCluster() throws Exception {
        NodeProcess.assumeInstalled();
        redis = RedisServer.start();
        node = NodeProcess.start("server.mjs", redis.url());
        nodePort = node.next("port").get("port").intValue();
        one = new Node(redis.url());
        two = new Node(redis.url());
        await().atMost(PATIENCE).until(() -> node.result("servers").intValue() == 3);
        node.awaitReading(one.namespace());
    }

    @AfterAll
    static void stopCluster() {
        if (redis != null) {
            one.close();
            two.close();
            node.close();
            redis.close();
        }
    }

    @AfterEach
    void disconnectClients() throws Exception {
        one.namespace().disconnect(true).toCompletableFuture().get(20, TimeUnit.SECONDS);
        clients.forEach(NodeClient::close);
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Node java : List.of(one, two)) {
                assertThat(java.presence().users()).isEmpty();
                assertThat(java.presence().population(TAVERN)).isZero();
            }
        });
        TOLD.clear();
    }

    private NodeClient connect(int port, String user) {
        NodeClient client = NodeClient.connect(port, user);
        clients.add(client);
        return client;
    }

    private static void emit(String text) throws Exception {
        one.namespace().emit(HELLO, text).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static void assertHears(String text, NodeClient... clients) {
        for (NodeClient client : clients) {
            assertThat(client.event()).startsWith("[\"hello\",\"" + text + "\"");
        }
    }

    private static void awaitEverywhere(String user, Status status) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Node java : List.of(one, two)) {
                assertThat(java.presence().user(user).status()).isEqualTo(status);
                assertThat(java.presence().online(user)).isEqualTo(status.isOnline() ? Online.YES : Online.NO);
            }
        });
    }

    private static void awaitPopulation(RoomKey room, int population) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Node java : List.of(one, two)) {
                assertThat(java.presence().population(room)).isEqualTo(population);
            }
        });
    }

    /** As long as a server has the session, nobody else may. */
    private static void drop(NodeClient client) {
        String id = client.id();
        client.drop();
        await().atMost(PATIENCE).until(() -> node.result("rooms", "sid", id).isBoolean());
    }

    private static void move(NodeClient client, int port) {
        String id = client.id();
        drop(client);
        assertThat(client.moveTo(port)).isTrue();
        assertThat(client.id()).isEqualTo(id);
    }

    @Test
    void whatNodesSayOfTheirSessionsReachesNoClientOfNodeAndStandsInTheWayOfNoResume() throws Exception {
        NodeClient nora = connect(nodePort, "nora");
        NodeClient jane = connect(one.server.port(), "jane");
        awaitEverywhere("jane", Status.CONNECTED);
        emit("first");
        assertHears("first", nora, jane);
        int read = node.result("entriesRead").intValue();
        String id = nora.id();
        drop(nora);
        NodeClient otto = connect(two.server.port(), "otto");
        awaitEverywhere("otto", Status.CONNECTED);
        emit("missed");
        jane.close();
        awaitEverywhere("jane", Status.RECONNECTING);
        assertThat(nora.moveTo(nodePort)).isTrue();
        assertThat(nora.id()).isEqualTo(id);
        assertHears("missed", nora, otto);
        awaitEverywhere("jane", Status.DISCONNECTED);
        node.result("emit", "args", List.of("hello", "of node"));
        assertHears("of node", nora, otto);
        await().atMost(PATIENCE)
                .until(() -> node.result("entriesRead").intValue() >= read + 5); // three of them of presence
        assertThat(node.result("servers").intValue()).isEqualTo(3);
    }

    @Test
    void socketsOfNodeAreNotKnownAndAreFoundByAsking() throws Exception {
        NodeClient nora = connect(nodePort, "nora");
        NodeClient jane = connect(one.server.port(), "jane");
        assertThat(nora.ask("join", TAVERN.toString()).path("error").isNull()).isTrue();
        awaitEverywhere("jane", Status.CONNECTED);
        awaitPopulation(TAVERN, 1);
        assertThat(one.presence().online("nora")).isEqualTo(Online.NO);
        assertThat(one.presence().users(TAVERN)).containsExactly("jane");
        Fetched found =
                two.namespace().user("nora").fetch().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(found.sessions()).extracting(SessionView::id).containsExactly(nora.id());
        Fetched tavern =
                two.namespace().room(TAVERN).fetch().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(tavern.sessions()).extracting(SessionView::id).containsExactlyInAnyOrder(nora.id(), jane.id());
    }

    @Test
    void whatNodeDoesWithSessionsOfTheNodesIsKnown() {
        NodeClient jane = connect(one.server.port(), "jane");
        awaitPopulation(TAVERN, 1);
        node.result("join", "rooms", List.of(jane.id()), "join", List.of(ATTIC.toString()));
        awaitPopulation(ATTIC, 1);
        node.result("leave", "rooms", List.of(jane.id()), "leave", ATTIC.toString());
        awaitPopulation(ATTIC, 0);
        node.result("disconnect", "rooms", List.of(jane.id()), "close", false);
        awaitEverywhere("jane", Status.DISCONNECTED);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(TOLD).containsExactly("jane online", "jane offline"));
    }

    @Test
    void aSessionThatNodeTakesWaitsUntilItsWindowIsOverAndIsKnownAgainWhenItComesBack() throws Exception {
        NodeClient jane = connect(one.server.port(), "jane");
        awaitEverywhere("jane", Status.CONNECTED);
        emit("first"); // a Node.js server resumes nobody without an offset
        assertHears("first", jane);
        move(jane, nodePort);
        assertThat(one.presence().user("jane").status()).isEqualTo(Status.RECONNECTING);
        awaitEverywhere("jane", Status.DISCONNECTED);
        move(jane, two.server.port());
        awaitEverywhere("jane", Status.CONNECTED);
        awaitPopulation(TAVERN, 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(TOLD).containsExactly("jane online", "jane offline", "jane online"));
    }

    @Test
    void aSessionThatWasAtNodeForAMomentHasNotBeenAway() throws Exception {
        NodeClient jane = connect(one.server.port(), "jane");
        awaitEverywhere("jane", Status.CONNECTED);
        emit("first");
        assertHears("first", jane);
        move(jane, nodePort);
        move(jane, two.server.port());
        awaitEverywhere("jane", Status.CONNECTED);
        assertThat(TOLD).containsExactly("jane online");
    }

    @Test
    void aSessionOfNodeIsKnownWhenItComes() throws Exception {
        NodeClient nora = connect(nodePort, "nora");
        assertThat(nora.ask("join", ATTIC.toString()).path("error").isNull()).isTrue();
        emit("first");
        assertHears("first", nora);
        assertThat(one.presence().online("nora")).isEqualTo(Online.NO);
        move(nora, one.server.port());
        awaitEverywhere("nora", Status.CONNECTED);
        awaitPopulation(ATTIC, 1);
        assertThat(TOLD).containsExactly("nora online");
    }
}
