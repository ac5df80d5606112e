package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Who looks into the log at DEBUG finds each connection, each session and each refusal, with the reason and without a secret. */
class LogLinesTest {
    private static final Request<Text, Text> FAILS = Request.of("fails", Text.class, Text.class);
    private static final List<String> LOGGERS = List.of(
            "dev.realtime.internal.session.SessionListeners",
            "dev.realtime.internal.session.EventFailures",
            "dev.realtime.internal.engine.NodeLifecycleLog",
            "dev.realtime.internal.engineio.RequestRefusals",
            "dev.realtime.internal.engineio.ConnectionLog",
            "dev.realtime.internal.recovery.ConnectRefusals");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final List<Integer> levels = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> game.on(FAILS, (session, text) -> {
        throw new IllegalStateException("the sword is gone");
    })));

    @BeforeEach
    void theLogIsReadAtDebug() throws Exception {
        for (String name : LOGGERS) {
            levels.add(level(name).getInt(LoggerFactory.getLogger(name)));
            level(name).setInt(LoggerFactory.getLogger(name), Level.DEBUG.toInt());
        }
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() throws Exception {
        System.setErr(before);
        for (int i = 0; i < levels.size(); i++) {
            level(LOGGERS.get(i)).setInt(LoggerFactory.getLogger(LOGGERS.get(i)), levels.get(i));
        }
    }

    /** The logger of the tests has no other way to change its level. */
    private static Field level(String name) throws NoSuchFieldException {
        Logger logger = LoggerFactory.getLogger(name);
        Field level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }

    private static void levelOfAll(Level wanted) {
        for (String name : LOGGERS) {
            try {
                level(name).setInt(LoggerFactory.getLogger(name), wanted.toInt());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    private List<String> logged() {
        realtime.settle();
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theLifeOfASession() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ann.dropConnection();
        realtime.settle();
        ann.reconnect();
        ann.disconnect();
        assertThat(logged())
                .anyMatch(line -> line.contains("session " + id + " of user ann in / has begun"))
                .anyMatch(line -> line.contains("session " + id + " of user ann in / is suspended"))
                .anyMatch(line -> line.contains("session " + id + " of user ann in / is resumed"))
                .anyMatch(line -> line.contains("session " + id + " of user ann in / has ended"))
                .anyMatch(line -> line.contains("of the client at") && line.contains("has ended: "));
    }

    @Test
    void aHandlerThatFailsIsNamedWithItsEventAndItsUser() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(FAILS, new Text("now"));
        realtime.expectHandlerFailure();
        assertThat(logged())
                .anyMatch(line ->
                        line.contains("the handler of 'fails' in / failed for session " + ann.id() + " of user ann"));
    }

    @Test
    void aPayloadThatIsRefused() {
        TestClient ann = realtime.connect("/", "ann");
        ann.askRaw("fails", 7);
        assertThat(logged())
                .anyMatch(line ->
                        line.contains("the event 'fails' of session " + ann.id() + " of user ann was refused: "));
    }

    @Test
    void aNamespaceThatIsNotThere() {
        realtime.connect("/nowhere", "ann");
        assertThat(logged()).anyMatch(line -> line.contains("was refused in /nowhere: Invalid namespace"));
    }

    @Test
    void anUnknownConnectionAndAnUnknownVersionWithoutTheirSecrets() {
        poll("4", "a-guessed-secret");
        poll("3", "");
        assertThat(logged())
                .anyMatch(line -> line.contains("was refused: UNKNOWN_SID"))
                .anyMatch(line -> line.contains("was refused: UNSUPPORTED_VERSION"))
                .noneMatch(line -> line.contains("a-guessed-secret"));
    }

    @Test
    void aConnectionWithWhereItComesFromAndWithoutItsSecrets() {
        InMemoryConnection opened = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .query("token", "a-token-in-the-query")
                        .header("Cookie", "sid=a-cookie")
                        .header("Authorization", "Bearer a-bearer")
                        .header("User-Agent", "Mozilla/5.0\r\nERROR forged " + "x".repeat(1_000))
                        .from("192.0.2.7")
                        .view());
        realtime.settle();
        String sid = opened.texts().get(0).replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        opened.closeByClient(1000, "");
        List<String> lines = logged();
        assertThat(lines)
                .anyMatch(line -> line.contains("connection " + sid.substring(0, Math.min(6, sid.length() / 2))
                        + "… of the client at 192.0.2.7 has begun over websocket: Mozilla/5.0??ERROR forged xxx"))
                .anyMatch(line -> line.contains("connection " + sid.substring(0, Math.min(6, sid.length() / 2))
                        + "… of the client at 192.0.2.7 has ended: TRANSPORT_CLOSED"))
                .as("who has the whole sid may speak for the client")
                .noneMatch(line -> line.contains(sid))
                .noneMatch(line -> line.contains("a-token") || line.contains("a-cookie") || line.contains("a-bearer"))
                .noneMatch(line -> line.startsWith("ERROR"))
                .allMatch(line -> line.length() < 500);
    }

    @Test
    void aConnectionThatBeginsWithPollingAndGoesOverToWebSocket() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        ann.upgrade();
        assertThat(logged())
                .anyMatch(line -> line.contains("has begun over polling: -"))
                .anyMatch(line -> line.contains("goes on over websocket"));
    }

    @Test
    void oneClientThatComesAndGoesWritesFewLines() {
        for (int i = 0; i < 100; i++) {
            realtime.connect("/", "ann").disconnect();
        }
        assertThat(logged().stream().filter(line -> line.contains("has begun over")))
                .hasSizeBetween(1, 10);
        assertThat(logged().stream().filter(line -> line.contains("has ended:")))
                .hasSizeBetween(1, 30);
        assertThat(realtime.realtime().stats().counters().get("log.lines.omitted"))
                .isPositive();
    }

    @Test
    void aClientThatDoesNotReadIsToldOfAtInfo() {
        levelOfAll(Level.INFO);
        TestClient slow = realtime.connect("/", "ann");
        slow.stall();
        realtime.namespace("/").emit(Game.SAID, new Text("first"));
        realtime.settle();
        realtime.advance(OutboxLimits.DEFAULT.stallTimeout().multipliedBy(2));
        assertThat(logged()).anyMatch(line -> line.contains("INFO") && line.contains("does not read what it is sent"));
    }

    @Test
    void theLifeOfANode() {
        levelOfAll(Level.INFO);
        Realtime node = Game.open().path("/play/").build();
        try {
            assertThat(logged())
                    .anyMatch(line -> line.contains("node " + node.node() + " has started: Realtime ")
                            && line.contains("path /play/")
                            && !line.contains("@")
                            && line.contains("recovery PT2M"));
            node.drain(Duration.ofSeconds(5)).toCompletableFuture().join();
        } finally {
            node.close();
        }
        node.close();
        assertThat(logged())
                .anyMatch(line ->
                        line.contains("node " + node.node() + " drains: 0 connections and 0 sessions, PT5S at most"))
                .anyMatch(line -> line.contains("node " + node.node() + " has drained"));
        assertThat(logged().stream().filter(line -> line.contains("node " + node.node() + " has stopped")))
                .hasSize(1);
    }

    @Test
    void aNodeThatIsClosedDrainsToo() {
        levelOfAll(Level.INFO);
        Realtime node = Game.open().build();
        node.close();
        assertThat(logged())
                .anyMatch(line -> line.contains("node " + node.node() + " drains"))
                .anyMatch(line -> line.contains("node " + node.node() + " has drained"))
                .anyMatch(line -> line.contains("node " + node.node() + " has stopped"));
    }

    private void poll(String version, String sid) {
        TestRequest request =
                TestRequest.of("GET", "/socket.io/").query("EIO", version).query("transport", "polling");
        realtime.transport().exchange((sid.isEmpty() ? request : request.query("sid", sid)).view(), new byte[0]);
    }
}
