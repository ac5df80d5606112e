package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
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
            "dev.realtime.internal.session.Pipeline",
            "dev.realtime.internal.engineio.EngineDoors",
            "dev.realtime.internal.engineio.EngineSocket",
            "dev.realtime.internal.client.ConnectHandler",
            "dev.realtime.internal.recovery.Admission");

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
                .anyMatch(line -> line.contains("a connection of the client at") && line.contains("has ended"));
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

    private void poll(String version, String sid) {
        TestRequest request =
                TestRequest.of("GET", "/socket.io/").query("EIO", version).query("transport", "polling");
        realtime.transport().exchange((sid.isEmpty() ? request : request.query("sid", sid)).view(), new byte[0]);
    }
}
