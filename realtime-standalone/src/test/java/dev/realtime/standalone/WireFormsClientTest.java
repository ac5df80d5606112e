package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.Session;
import dev.realtime.TypeToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What contracts can say, with the official client; Node's server with the same handlers is asked the same. */
class WireFormsClientTest {
    private static final Path SCRIPTS =
            Path.of(System.getProperty("basedir", "")).resolve("src/test/js");
    private static final Duration SECONDS = Duration.ofSeconds(5);

    record UseItem(String item, @Nullable String target) {}

    record Roll(String reason, int... dice) {}

    record Several(int one, String two, List<Integer> three) {}

    private static final Event<List<Object>> HEARD = Event.of("heard", new TypeToken<List<Object>>() {});
    private static final Event<UseItem> USE_ITEM = Event.ofArguments("use_item", UseItem.class);
    private static final Event<Roll> ROLL = Event.ofArguments("roll", Roll.class);
    private static final Event<Roll> ROLLED = Event.ofArguments("rolled", Roll.class);
    private static final Event<Void> ROLL_FOR_ME = Event.of("roll-for-me");
    private static final Event<Void> ASK_ME = Event.of("ask-me");
    private static final Event<String> NICK = Event.of("nick", String.class).nullablePayload();
    private static final Event<String> QUIET = Event.of("quiet", String.class).unacknowledged();
    private static final Event<Void> NOTHING = Event.of("nothing");
    private static final Request<Void, Several> SEVERAL =
            Request.of("several", Void.class, Several.class).replyArguments();
    private static final Request<String, String> FIRST =
            Request.of("first", String.class, String.class).errorFirst();
    private static final Request<String, String> LATER = Request.of("later", String.class, String.class);
    private static final Request<Void, Void> WANTED = Request.of("wanted", Void.class, Void.class);
    private static final Request<String, String> ASKED =
            Request.of("asked", String.class, String.class).errorFirst();

    @TempDir
    Path scratch;

    @BeforeAll
    static void needsNode() {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io")),
                "skipped: the server is not installed; run: npm ci --prefix realtime-standalone/src/test/js");
    }

    private static void game(NamespaceSetup game) {
        game.allowAnonymous()
                .on(USE_ITEM, (session, use) -> heard(session, use.item(), use.target()))
                .on(
                        ROLL,
                        (session, roll) -> heard(
                                session,
                                roll.reason(),
                                Arrays.stream(roll.dice()).boxed().toList()))
                .on(ROLL_FOR_ME, (session, nothing) -> session.emit(ROLLED, new Roll("luck", 6, 20)))
                .on(NICK, (session, nick) -> heard(session, nick))
                .on(QUIET, (session, text) -> {})
                .on(NOTHING, (session, nothing) -> {})
                .on(SEVERAL, (session, nothing) -> new Several(1, "two", List.of(3)))
                .on(FIRST, (session, text) -> {
                    if (text.equals("refuse")) {
                        throw new EventRefusedException("no_money", "Not enough coins");
                    }
                    return text;
                })
                .onAcknowledge(LATER, (session, text, answer) -> new Thread(() -> answer.give(text)).start())
                .onAcknowledge(WANTED, (session, nothing, answer) -> heard(session, answer.isWanted()))
                .on(ASK_ME, (session, nothing) -> ask(session));
    }

    private static void heard(Session session, @Nullable Object... values) {
        session.emit(HEARD, Collections.unmodifiableList(Arrays.asList(values)));
    }

    private static void ask(Session session) {
        session.request(ASKED, "ready?", SECONDS).whenComplete((reply, failure) -> {
            boolean refused = failure instanceof RequestFailedException failed
                    && failed.reason() == RequestFailedException.Reason.REFUSED
                    && failed.getMessage().contains("\"busy\"");
            heard(session, refused ? "refused: busy" : reply);
        });
    }

    @Test
    void theOfficialClientGetsWhatContractsSay() throws Exception {
        Realtime realtime = Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .namespace("/", WireFormsClientTest::game)
                .namespace("/first", game -> game.refusals(RefusalForm.ERROR_FIRST))
                .namespace("/nothing", game -> game.refusals(RefusalForm.NOTHING))
                .build();
        StandaloneServer server = StandaloneServer.start(realtime, 0);
        try {
            run(server.port(), false);
        } finally {
            server.close();
        }
    }

    @Test
    void andFromNodeTheSame() throws Exception {
        Process node = new ProcessBuilder("node", "forms-server.mjs")
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = node.inputReader(StandardCharsets.UTF_8)) {
            String port = output.readLine();
            assertThat(port).as("port of the server").matches("\\d+");
            run(Integer.parseInt(port), true);
        } finally {
            node.destroyForcibly();
        }
    }

    private void run(int port, boolean reference) throws Exception {
        Path output = scratch.resolve("output.txt");
        ProcessBuilder command = new ProcessBuilder("node", "--test", "--test-reporter=spec", "forms.test.mjs")
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        command.environment().put("REALTIME_URL", "http://127.0.0.1:" + port);
        if (reference) {
            command.environment().put("REALTIME_REFERENCE", "true");
        }
        Process node = command.start();
        try {
            boolean ended = node.waitFor(3, TimeUnit.MINUTES);
            assertThat(ended && node.exitValue() == 0)
                    .withFailMessage(() -> (ended ? "failed:\n" : "did not end in time:\n") + read(output))
                    .isTrue();
        } finally {
            node.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
