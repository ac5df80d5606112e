package dev.realtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.HandshakeView;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EngineObserver;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What administrators see and do, wherever they and the clients are. */
class AdminPageTest {
    /** Of "secret". */
    static final String HASH = "$2a$04$QZBPKhrlBCQCxBC6FLWaveLMqEidSpJAzTuxa3PUQYNjIy7bExfBW";

    private record Text(String text) {}

    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private AdminOptions options = AdminOptions.basic("admin", HASH);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::builder);

    private RealtimeBuilder builder() {
        RealtimeBuilder builder = Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(SAY, (session, text) -> session.join("zone:" + text.text())))
                .namespace("/chat", chat -> {})
                .namespaces(Pattern.compile("/room-.*"), NamespaceSetup::allowAnonymous);
        AdminPage.addTo(builder, options);
        return builder;
    }

    private TestClient admin(int node) {
        TestClient admin = cluster.client(node)
                .auth("username", "admin")
                .auth("password", "secret")
                .connect("/admin");
        assertThat(admin.isConnected()).isTrue();
        return admin;
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            cluster.advance(SECOND);
        }
    }

    private static List<JsonNode> received(TestClient admin, String event) {
        return admin.received().stream()
                .filter(each -> each.name().equals(event))
                .map(ReceivedEvent::arguments)
                .map(arguments -> arguments.get(0))
                .toList();
    }

    private static List<List<String>> told(TestClient admin, String event) {
        return admin.received().stream()
                .filter(each -> each.name().equals(event))
                .map(each -> each.arguments().stream()
                        .map(argument -> argument.isTextual() ? argument.asText() : argument.toString())
                        .limit(each.arguments().size() - 1) // the time
                        .toList())
                .toList();
    }

    private static Map<String, JsonNode> byId(JsonNode sockets) {
        Map<String, JsonNode> byId = new TreeMap<>();
        sockets.forEach(socket -> byId.put(socket.path("id").asText(), socket));
        return byId;
    }

    @Test
    void anAdministratorIsShownTheClientsOfAllNodes() {
        TestClient ann = cluster.client(0)
                .user("ann")
                .auth("token", "top secret")
                .header("Cookie", "sid=top secret")
                .header("Authorization", "Bearer top secret")
                .header("User-Agent", "Unity")
                .query("ticket", "top secret")
                .connect("/");
        TestClient ben = cluster.connect(1, "/", "ben");
        TestClient admin = admin(1);
        look(2);
        JsonNode sockets = received(admin, "all_sockets").get(0);
        Map<String, JsonNode> shown = byId(sockets);
        assertThat(shown).containsOnlyKeys(ann.id(), ben.id(), admin.id());
        JsonNode socket = shown.get(ann.id());
        assertThat(socket.path("nsp").asText()).isEqualTo("/");
        assertThat(socket.path("transport").asText()).isEqualTo("websocket");
        assertThat(socket.path("clientId").asText()).isNotEmpty();
        assertThat(socket.path("data")).hasToString("{\"user\":\"ann\"}");
        assertThat(socket.path("rooms")).hasToString("[\"" + ann.id() + "\",\"user:ann\",\"zone:tavern\"]");
        assertThat(socket.at("/handshake/headers/user-agent").asText()).isEqualTo("Unity");
        assertThat(socket.at("/handshake/issued").isNumber()).isTrue();
        assertThat(admin.received().toString()).doesNotContain("top secret");
    }

    @Test
    void sessionsOfOneConnectionAreOneClient() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient chat = ann.also("/chat");
        TestClient admin = admin(0);
        look(2);
        Map<String, JsonNode> shown = byId(received(admin, "all_sockets").get(0));
        assertThat(shown.get(chat.id()).path("clientId"))
                .isEqualTo(shown.get(ann.id()).path("clientId"));
        assertThat(shown.get(admin.id()).path("clientId"))
                .isNotEqualTo(shown.get(ann.id()).path("clientId"));
    }

    @Test
    void everyNodeTellsItsFigures() {
        cluster.connect(0, "/", "ann");
        cluster.client(0).user("bea").polling(true).connect("/");
        TestClient admin = admin(1);
        look(5);
        cluster.connect(0, "/", "cid");
        look(3);
        List<JsonNode> figures = received(admin, "server_stats");
        assertThat(figures.stream().map(each -> each.path("serverId").asText()).distinct())
                .hasSize(2);
        JsonNode last = figures.stream()
                .filter(each -> each.path("clientsCount").asInt() == 3)
                .reduce((one, other) -> other)
                .orElseThrow();
        assertThat(last.path("pollingClientsCount").asInt()).isEqualTo(1);
        assertThat(last.path("namespaces").toString()).contains("{\"name\":\"/\",\"socketsCount\":3}");
        assertThat(figures.toString()).contains("\"type\":\"rawConnection\",\"subType\":null,\"count\":1");
    }

    @Test
    void whatClientsDoIsTold() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient admin = admin(1);
        look(3);
        TestClient ben = cluster.connect(0, "/", "ben");
        ann.emit(SAY, new Text("cellar"));
        look(2);
        assertThat(received(admin, "socket_connected"))
                .extracting(socket -> socket.path("id").asText())
                .containsExactly(ben.id());
        assertThat(told(admin, "room_joined")).containsExactly(List.of("/", "zone:cellar", ann.id()));
        assertThat(told(admin, "event_received")).containsExactly(List.of("/", ann.id(), "[\"say\"]"));
        ben.disconnect();
        ann.dropConnection();
        look(2);
        assertThat(told(admin, "socket_disconnected"))
                .containsExactlyInAnyOrder(
                        List.of("/", ben.id(), "client_disconnect"), List.of("/", ann.id(), "transport_error"));
        ann.reconnect();
        look(2);
        assertThat(received(admin, "socket_connected"))
                .extracting(socket -> socket.path("id").asText())
                .containsExactly(ben.id(), ann.id());
    }

    @Test
    void administratorsPutClientsIntoRoomsAndSendThemAway() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient ben = cluster.connect(0, "/", "ben");
        TestClient admin = admin(1);
        look(3);
        admin.emitRaw("join", "/", "match:7", ann.id());
        look(2);
        assertThat(told(admin, "room_joined")).containsExactly(List.of("/", "match:7", ann.id()));
        admin.emitRaw("emit", "/", "match:7", "news", Map.of("text", "hi"), 2);
        cluster.settle();
        assertThat(ann.nextRaw("news").arguments()).hasToString("[{\"text\":\"hi\"}, 2]");
        assertThat(ben.received().toString()).doesNotContain("news");
        admin.emitRaw("leave", "/", "match:7");
        look(2);
        assertThat(told(admin, "room_left")).containsExactly(List.of("/", "match:7", ann.id()));
        admin.emitRaw("_disconnect", "/", false, ben.id());
        look(2);
        assertThat(ben.isConnected()).isFalse();
        assertThat(ann.isConnected()).isTrue();
        assertThat(told(admin, "socket_disconnected")).containsExactly(List.of("/", ben.id(), "server_disconnect"));
        admin.emitRaw("_disconnect", "/", true, "zone:tavern");
        look(1);
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void nobodyIsPutIntoTheRoomOfAUserOrASession() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient ben = cluster.connect(0, "/", "ben");
        TestClient admin = admin(0);
        admin.emitRaw("join", "/", "user:ben", ann.id());
        admin.emitRaw("join", "/", ben.id(), ann.id());
        cluster.settle();
        assertThat(cluster.node(0).namespace("/").find(ann.id()).orElseThrow().rooms())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("user:ann", "zone:tavern");
        assertThat(received(admin, "realtime:error")).isNotEmpty();
    }

    @Test
    void aWordOfNoUseIsRefused() {
        TestClient admin = admin(0);
        admin.emitRaw("join", "/nowhere", "zone:x");
        admin.emitRaw("emit", "/", null, "disconnect");
        admin.emitRaw("leave", "/", "");
        admin.emitRaw("join", 1, 2, 3);
        cluster.settle();
        assertThat(admin.received().stream().filter(event -> event.name().equals("realtime:error")))
                .hasSize(4);
        assertThat(admin.isConnected()).isTrue();
    }

    @Test
    void whoMayOnlyLookChangesNothing() {
        restart(options.readOnly());
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient admin = admin(0);
        assertThat(features(admin)).containsExactly("AGGREGATED_EVENTS", "ALL_EVENTS");
        admin.emitRaw("_disconnect", "/", true, ann.id());
        admin.emitRaw("join", "/", "match:7", ann.id());
        look(2);
        assertThat(ann.isConnected()).isTrue();
        assertThat(received(admin, "all_sockets")).isNotEmpty();
    }

    @Test
    void aSummaryShowsNoClients() {
        restart(options.summaryOnly());
        cluster.connect(0, "/", "ann");
        TestClient admin = admin(1);
        look(5);
        cluster.connect(0, "/", "ben").emit(SAY, new Text("x"));
        look(5);
        assertThat(features(admin)).contains("JOIN", "AGGREGATED_EVENTS").doesNotContain("ALL_EVENTS");
        assertThat(admin.received()).extracting(ReceivedEvent::name).containsOnly("session", "config", "server_stats");
    }

    @Test
    void aNodeThatShowsASummaryAnswersOthersWithoutItsClients() {
        options = options.summaryOnly();
        cluster.node(0).close();
        cluster.node(0).restart();
        cluster.settle();
        cluster.connect(0, "/", "ann");
        var replies = cluster.await(cluster.node(1).namespace("/admin").serverRequest(AdminEvents.SOCKETS, 10, SECOND));
        assertThat(replies.answers()).containsExactly(List.of());
    }

    @Test
    void whoeverIsAskedForNonsenseAnswersWithNothing() {
        cluster.connect(0, "/", "ann");
        var replies = cluster.await(cluster.node(1).namespace("/admin").serverRequest(AdminEvents.SOCKETS, -1, SECOND));
        assertThat(replies.answers()).containsExactly(List.of());
    }

    @Test
    void clientsWithMuchToShowDoNotHideTheOthers() {
        for (int i = 0; i < 400; i++) {
            TestClient client = cluster.client(i % 2)
                    .from("10.0." + i / 100 + "." + i % 100)
                    .user("u" + i)
                    .header("User-Agent", "é".repeat(250))
                    .header("Accept-Language", "\"".repeat(250))
                    .connect("/");
            Session session =
                    cluster.node(i % 2).namespace("/").find(client.id()).orElseThrow();
            for (int room = 0; room < 20; room++) {
                session.join(RoomKey.plain("zone:" + "r".repeat(190) + room));
            }
        }
        TestClient admin = admin(1);
        look(3);
        JsonNode shown = received(admin, "all_sockets").get(0);
        assertThat(shown).hasSizeBetween(50, 400);
        assertThat(shown.toString().getBytes(StandardCharsets.UTF_8).length)
                .as("there is room for what else waits for an administrator")
                .isLessThan(512 << 10);
    }

    @Test
    void rolesAreShownAsFarAsThereIsRoom() {
        Set<String> many = IntStream.range(0, 100).mapToObj(i -> "role" + i).collect(Collectors.toSet());
        ShownSocket shown = ShownSocket.of(
                "s",
                "s",
                "",
                "/",
                Principal.of("ann").roles(many),
                new HandshakeView(Instant.EPOCH, "", false, "", Map.of(), Map.of()),
                Set.of());
        assertThat((List<?>) shown.data().get("roles")).hasSize(20);
    }

    @Test
    void clientsThatNeverRestDoNotHideTheOthers() {
        restart(options.maxEventsPerSecond(5));
        List<TestClient> restless = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            restless.add(cluster.connect(0, "/", "restless" + i));
        }
        TestClient admin = admin(1);
        look(3);
        for (int i = 0; i < 10; i++) {
            cluster.connect(0, "/", "u" + i);
        }
        for (int second = 0; second < 40; second++) {
            for (TestClient client : restless) {
                for (int room = 0; room < 6; room++) {
                    RoomKey key = RoomKey.plain("zone:" + room);
                    Session session =
                            cluster.node(0).namespace("/").find(client.id()).orElseThrow();
                    if (second % 2 == 0) {
                        session.join(key);
                    } else {
                        session.leave(key);
                    }
                }
            }
            look(1);
        }
        assertThat(received(admin, "socket_connected")).hasSize(10);
    }

    @Test
    void thoseWhoHaveBeenThereLongestAreShown() {
        restart(options.maxSockets(5));
        List<String> first = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TestClient client = cluster.connect(0, "/", "u" + i);
            if (i < 5) {
                first.add(client.id());
            }
            look(1);
        }
        TestClient admin = admin(1);
        look(2);
        Map<String, JsonNode> shown = byId(received(admin, "all_sockets").get(0));
        assertThat(shown).hasSize(5).containsKey(admin.id());
        shown.remove(admin.id());
        assertThat(first).containsAll(shown.keySet());
    }

    @Test
    void noNodeTakesTheRoomOfTheOthers() {
        restart(options.maxSockets(10));
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            cluster.connect(1, "/", "here" + i);
            others.add(cluster.connect(0, "/", "there" + i).id());
        }
        TestClient admin = admin(1);
        look(2);
        Map<String, JsonNode> shown = byId(received(admin, "all_sockets").get(0));
        assertThat(shown).hasSize(10);
        assertThat(shown.keySet()).filteredOn(others::contains).hasSize(5);
    }

    @Test
    void administratorsWhoComeAtOnceAreShownOneList() {
        List<String> asked = new ArrayList<>();
        cluster.node(0).backend().bus("/admin", "other").subscribe((from, message) -> {
            if (message instanceof BusMessage.ServerEvent event && event.id() != null) {
                asked.add(from);
            }
        });
        List<TestClient> admins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            admins.add(admin(1));
        }
        look(10); // the other one does not answer
        assertThat(admins)
                .allSatisfy(admin -> assertThat(received(admin, "all_sockets")).hasSize(1));
        assertThat(asked).hasSize(1);
    }

    @Test
    void serversOfAnotherKindAreAskedAboutSomeNamespacesOnly() {
        List<String> asked = new ArrayList<>();
        cluster.node(0).backend().bus("/admin", "other").subscribe((from, message) -> {}); // answers nobody
        for (int i = 0; i < 150; i++) {
            String room = "/room-" + i;
            cluster.client(1).from("10.1.0." + i).connect(room);
            cluster.node(0).backend().bus(room, "other").subscribe((from, message) -> {
                if (message instanceof BusMessage.Fetch) {
                    asked.add(room);
                }
            });
        }
        TestClient admin = admin(1);
        look(10);
        assertThat(received(admin, "all_sockets").get(0)).hasSize(151);
        assertThat(asked).hasSizeBetween(90, 100);
        assertThat(received(admin, "server_stats").toString()).contains("\"name\":\"/chat\"");
    }

    @Test
    void withoutAnAdministratorNothingIsSaid() {
        TestClient admin = admin(1);
        look(3);
        admin.disconnect();
        look(60);
        List<String> emitted = emitted();
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(SAY, new Text("x"));
        look(30);
        assertThat(emitted).isEmpty();
        admin(1);
        look(3);
        assertThat(emitted)
                .contains("server_stats, may be lost", "session, may be lost")
                .allSatisfy(event -> assertThat(event).endsWith(", may be lost"));
    }

    /** What nodes emit from now on. */
    private List<String> emitted() {
        List<String> emitted = new ArrayList<>();
        cluster.nodes()
                .forEach(node -> node.realtime().observe(new EngineObserver() {
                    @Override
                    public void emitted(String event, boolean mayBeLost) {
                        emitted.add(mayBeLost ? event + ", may be lost" : event);
                    }
                }));
        return emitted;
    }

    @Test
    void moreThanThereIsRoomForIsToldLater() {
        restart(options.maxSockets(10).maxEventsPerSecond(5));
        TestClient admin = admin(1);
        look(3);
        List<TestClient> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(cluster.connect(0, "/", "u" + i));
            many.get(i).emit(SAY, new Text("x"));
        }
        look(1);
        assertThat(received(admin, "socket_connected")).hasSize(5);
        look(1);
        assertThat(received(admin, "socket_connected")).hasSize(10);
        look(10);
        assertThat(received(admin, "socket_connected")).hasSize(10);
        TestClient second = admin(1);
        look(2);
        assertThat(received(second, "all_sockets").get(0)).hasSize(10);
        many.get(0).disconnect();
        look(3);
        assertThat(received(admin, "socket_connected")).hasSize(11);
    }

    @Test
    void anAdministratorWhoComesBackIsShownEverythingAgain() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient admin = admin(1);
        look(3);
        admin.dropConnection();
        ann.disconnect();
        look(30);
        admin.reconnect();
        look(2);
        List<JsonNode> lists = received(admin, "all_sockets");
        assertThat(byId(lists.get(lists.size() - 1))).containsOnlyKeys(admin.id());
    }

    private void restart(AdminOptions others) {
        options = others;
        cluster.nodes().forEach(node -> {
            node.close();
            node.restart();
        });
        cluster.settle();
    }

    private static List<String> features(TestClient admin) {
        JsonNode features = received(admin, "config").get(0).path("supportedFeatures");
        return StreamSupport.stream(features.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
