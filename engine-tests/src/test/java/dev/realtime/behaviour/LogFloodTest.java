package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.jwt.JwtAuthenticator;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One client cannot fill the log: not by what it does wrong, and not by what it makes the application do wrong. */
class LogFloodTest {
    private static final Request<Text, Text> FAILS = Request.of("fails", Text.class, Text.class);
    private static final int TIMES = 2_000;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(game -> game.on(FAILS, (session, text) -> {
                        throw new IllegalStateException("no\r\nERROR forged " + text.text());
                    }))
                    .authenticator(JwtAuthenticator.hmac256("a secret that only these tests know of"))
                    .limits(Limits.DEFAULT.maxRooms(1)))
            .keepAuthenticator();

    private TestClient eve;

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        eve = realtime.client().connect("/");
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
        assertThat(eve.request(ECHO, new Text("still there"))).isEqualTo(new Text("still there"));
    }

    private String logged() {
        realtime.settle();
        return log.toString(StandardCharsets.UTF_8);
    }

    private long omitted() {
        return realtime.realtime().stats().counters().get("log.lines.omitted");
    }

    @Test
    void eventsThatNobodyKnows() {
        for (int i = 0; i < TIMES; i++) {
            eve.askRaw("unknown\r\nERROR forged " + i, "x".repeat(100));
        }
        assertThat(logged().lines()).hasSizeBetween(1, 5).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(omitted()).as("of those that pass the gate").isEqualTo(60 - 5);
    }

    @Test
    void roomsThatAreNone() {
        for (int i = 0; i < TIMES; i++) {
            assertThat(eve.ask(JOIN, new Game.Room("x".repeat(300))).errorCode())
                    .isEqualTo("invalid_room");
        }
        assertThat(logged().lines()).hasSizeBetween(1, 5).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void moreRoomsThanAllowed() {
        eve.request(JOIN, new Game.Room("first"));
        for (int i = 0; i < TIMES; i++) {
            assertThat(eve.ask(JOIN, new Game.Room("room " + i)).errorCode()).isEqualTo("too_many_rooms");
        }
        assertThat(logged().lines()).hasSizeBetween(1, 5).noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void tokensThatAreNone() {
        String secret = "aaaa.bbbb.cccc";
        for (int i = 0; i < TIMES; i++) {
            eve.askRaw("authenticate", Map.of("token", secret));
        }
        assertThat(logged().lines())
                .hasSize(5)
                .allMatch(line -> line.contains("were refused: it is not a token"))
                .noneMatch(line -> line.contains(secret));
        assertThat(omitted()).as("as many more as its rate still lets pass").isEqualTo(15);
    }

    @Test
    void connectsThatAreRefused() {
        for (int i = 0; i < 200; i++) {
            TestClient refused =
                    realtime.client().auth("token", "aaaa.bbbb.cccc").connect("/");
            assertThat(refused.connectError()).isPresent();
        }
        assertThat(logged().lines()).hasSize(5);
        assertThat(omitted()).isEqualTo(195);
    }

    @Test
    void handlersThatFail() {
        realtime.allowHandlerFailures();
        for (int i = 0; i < TIMES; i++) {
            eve.askRaw("fails", Map.of("text", "now"));
        }
        List<String> lines = logged().lines().toList();
        assertThat(lines.stream().filter(line -> line.contains("the handler of 'fails' in / failed for session")))
                .hasSize(5);
        assertThat(lines).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(lines.size()).isLessThan(1_000); // five stacks
    }

    @Test
    void packetsThatBreakTheProtocol() {
        for (int i = 0; i < 200; i++) {
            TestClient broken = realtime.client().connect("/");
            broken.sendRaw("4x");
        }
        assertThat(logged().lines()).hasSizeBetween(1, 5);
    }

    @Test
    void pagesOfOtherSites() {
        for (int i = 0; i < TIMES; i++) {
            InMemoryExchange refused = realtime.transport()
                    .exchange(
                            TestRequest.of("GET", "/socket.io/")
                                    .query("EIO", "4")
                                    .query("transport", "polling")
                                    .header("Origin", "https://evil.example/\r\nERROR forged " + i)
                                    .view(),
                            new byte[0]);
            realtime.settle();
            assertThat(refused.status()).isEqualTo(403);
        }
        assertThat(logged().lines())
                .hasSize(5)
                .allMatch(line -> line.contains("https://evil.example/??ERROR forged") && line.contains("localhost"));
        assertThat(omitted()).isEqualTo(TIMES - 5);
    }

    @Test
    void theNextLineSaysHowManyWereLeftOut() {
        for (int i = 0; i < 50; i++) {
            eve.askRaw("unknown");
        }
        realtime.settle();
        realtime.advance(Duration.ofSeconds(10));
        eve.askRaw("unknown");
        assertThat(logged().lines()).last().asString().endsWith("(45 more of these were left out)");
    }
}
