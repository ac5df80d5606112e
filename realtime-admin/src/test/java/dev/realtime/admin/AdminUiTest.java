package dev.realtime.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The UI as it is published, in a real browser, and the official client, with two nodes and a server of Node.js on one Redis. Leaves screenshots in {@code target/screenshots}. */
class AdminUiTest {
    private record Text(String text) {}

    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Path UI = Program.SCRIPTS.resolve("node_modules/@socket.io/admin-ui/ui/dist");
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUTH = "{\"username\":\"admin\",\"password\":\"secret\"}";

    @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write into it while it ends
    Path directory;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private String first;
    private String second;
    private String other;

    @BeforeEach
    void start() throws IOException {
        Program.assumeNode();
        int redis = Program.freePort();
        open.push(Program.redis(directory, redis));
        first = node("redis://127.0.0.1:" + redis, "east");
        second = node("redis://127.0.0.1:" + redis, "west");
        Program server = opened(Program.node("server.mjs", "redis://127.0.0.1:" + redis, AdminPageTest.HASH));
        other = "http://127.0.0.1:"
                + server.next(line -> line.startsWith("port ")).substring(5);
    }

    private String node(String redis, String name) {
        RealtimeBuilder builder = Realtime.builder()
                .backend(RedisBackend.connect(redis))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(SAY, (session, text) -> session.join("zone:" + text.text())));
        AdminPage.addTo(builder, AdminOptions.basic("admin", AdminPageTest.HASH).serverId(name));
        Realtime realtime = opened(builder.build());
        StandaloneServer server = opened(StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).staticFiles("/admin", UI)));
        return "http://127.0.0.1:" + server.port();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private Program client(String url) {
        return opened(Program.node("client.mjs", url));
    }

    private static String id(Program client) throws IOException {
        return JSON.readTree(client.next(line -> line.startsWith("[\"connect\"")))
                .get(1)
                .asText();
    }

    private static JsonNode next(Program client, String event, String with) {
        try {
            return JSON.readTree(client.next(line -> line.startsWith("[\"" + event + "\"") && line.contains(with)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theOfficialClientSeesAndDoesEverythingFromEitherKindOfServer() throws IOException {
        Program ann = client(first);
        Program ben = client(second);
        Program cid = client(other);
        Set<String> ids = Set.of(id(ann), id(ben), id(cid));
        for (String url : new String[] {second, other}) {
            Program admin = opened(Program.node("client.mjs", url + "/admin", AUTH));
            JsonNode token = next(admin, "session", "");
            assertThat(token.get(1).asText()).isNotEmpty();
            assertThat(next(admin, "config", "").at("/1/supportedFeatures").toString())
                    .contains("ALL_EVENTS", "JOIN");
            assertThat(shown(next(admin, "all_sockets", ""))).as("at " + url).containsAll(ids);
            Set<String> servers = new HashSet<>();
            while (servers.size() < 3) {
                servers.add(next(admin, "server_stats", "").at("/1/serverId").asText());
            }
            assertThat(servers).containsExactlyInAnyOrder("east", "west", "node.js");
            admin.close();
        }
    }

    @Test
    void whatHappensAtOneServerIsToldAtTheOthers() throws IOException {
        Program atNode = opened(Program.node("client.mjs", other + "/admin", AUTH));
        Program atEast = opened(Program.node("client.mjs", first + "/admin", AUTH));
        next(atNode, "server_stats", "west");
        next(atEast, "server_stats", "west");
        Program ben = client(second);
        String id = id(ben);
        next(atNode, "socket_connected", id);
        next(atEast, "socket_connected", id);
        Program cid = client(other);
        String node = id(cid);
        next(atEast, "socket_connected", node);
        ben.give("[\"say\",{\"text\":\"cellar\"}]");
        next(atNode, "room_joined", id);
        next(atEast, "room_joined", id);
        next(atNode, "event_received", id);
        atNode.give("[\"join\",\"/\",\"zone:tower\",\"" + id + "\"]");
        next(atEast, "room_joined", "zone:tower");
        atEast.give("[\"join\",\"/\",\"zone:tower\",\"" + node + "\"]");
        next(atNode, "room_joined", node);
        atEast.give("[\"_disconnect\",\"/\",false,\"" + node + "\"]");
        next(cid, "disconnect", "io server disconnect");
        next(atEast, "socket_disconnected", node);
        atNode.give("[\"_disconnect\",\"/\",false,\"" + id + "\"]");
        next(ben, "disconnect", "io server disconnect");
        assertThat(next(atNode, "socket_disconnected", id).get(3).asText()).isEqualTo("server_disconnect");
    }

    private static Set<String> shown(JsonNode event) {
        Set<String> ids = new HashSet<>();
        event.get(1).forEach(socket -> ids.add(socket.path("id").asText()));
        return ids;
    }

    @Test
    void theUiWorks() throws IOException {
        Optional<Path> chromium = Browser.find();
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "no Chromium on this machine: the UI was not tested (Debian: apt-get install chromium)");
        Program ann = client(first);
        Program ben = client(second);
        Program cid = client(other);
        String annId = id(ann);
        String benId = id(ben);
        String cidId = id(cid);
        ben.give("[\"say\",{\"text\":\"cellar\"}]");
        Browser browser = opened(Browser.start(chromium.get(), directory));
        browser.open(first + "/admin/");
        login(browser, "wrong");
        browser.until("the refusal", "document.body.innerText.includes('Invalid credentials')");
        login(browser, "secret");
        for (String server : new String[] {"east", "west", "node.js"}) {
            browser.until(
                    "the server " + server, "document.querySelector('main').innerText.includes('3') && " + counts());
        }
        browser.screenshot(SHOTS.resolve("admin-dashboard.png"));

        browser.open(first + "/admin/#/servers/");
        browser.sees("east");
        browser.sees("west");
        browser.sees("node.js");
        browser.screenshot(SHOTS.resolve("admin-servers.png"));

        browser.open(first + "/admin/#/sockets/");
        browser.sees(annId);
        browser.sees(benId);
        browser.sees(cidId);
        browser.screenshot(SHOTS.resolve("admin-sockets.png"));

        browser.open(first + "/admin/#/rooms/");
        browser.sees("zone:tavern");
        browser.sees("zone:garden");
        browser.sees("zone:cellar");
        browser.screenshot(SHOTS.resolve("admin-rooms.png"));

        browser.open(first + "/admin/#/n/%2F/sockets/" + benId);
        browser.sees("Initial HTTP request");
        browser.screenshot(SHOTS.resolve("admin-socket.png"));

        disconnect(browser, ben, benId);
        disconnect(browser, cid, cidId);
        browser.open(first + "/admin/#/events/");
        browser.sees(benId);
        browser.screenshot(SHOTS.resolve("admin-events.png"));
        assertThat(browser.value("localStorage.getItem('session_id')").asText()).isNotEmpty();
    }

    private void disconnect(Browser browser, Program client, String id) {
        browser.open(first + "/admin/#/sockets/");
        String row = "[...document.querySelectorAll('main tbody tr')].find((row) => row.offsetParent"
                + " && row.innerText.includes('" + id + "'))";
        browser.click("the button that disconnects " + id, row + ".querySelector('button')");
        next(client, "disconnect", "io server disconnect");
        browser.open(first + "/admin/#/sockets/"); // the click has opened the page of the row too
        browser.until("the row to go", "location.hash === '#/sockets/' && !" + row);
    }

    private static String counts() {
        return "document.querySelectorAll('main table').length > 2";
    }

    private void login(Browser browser, String password) {
        browser.until("the form", "document.querySelector('.v-dialog--active form')");
        browser.type("Server URL", first);
        browser.type("Username", "admin");
        browser.type("Password", password);
        browser.click("the button", "document.querySelector('.v-dialog--active button[type=submit]')");
    }
}
