package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Null where code of the application has to return something: that client hears that the server failed, and the log what returned null. */
class NullResultsTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .authenticator(
                            handshake -> handshake.auth("nobody").isPresent() ? null : Optional.of(Principal.of("ann")))
                    .namespace(
                            "/",
                            game -> game.on(ECHO, (session, text) -> text).onAsync(LATER, (session, text) -> null)))
            .keepAuthenticator();

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
    }

    private String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void ofAnAuthenticator() {
        TestClient ann = realtime.client().auth("nobody", "x").connect("/");
        assertThat(ann.connectError().map(ConnectError::code)).contains("handler_failed");
        assertThat(logged()).contains("the authenticator returned null");
    }

    @Test
    void ofAnAuthenticatorThatIsAskedAgain() {
        TestClient ann = realtime.client().connect("/");
        TestReply<?> reply = ann.askRaw("auth:refresh", Map.of("nobody", "x"));
        realtime.settle();
        assertThat(reply.errorCode()).isEqualTo("handler_failed");
        assertThat(realtime.expectHandlerFailure()).hasMessageContaining("returned null");
        assertThat(logged()).contains("the authenticator returned null");
    }

    @Test
    void ofAHandlerThatAnswersLater() {
        TestClient ann = realtime.client().connect("/");
        TestReply<Text> reply = ann.ask(LATER, new Text("x"));
        realtime.settle();
        assertThat(reply.errorCode()).isEqualTo("handler_failed");
        assertThat(realtime.expectHandlerFailure()).hasMessageContaining("returned null");
        assertThat(logged()).contains("the handler of 'later'").contains("the handler returned null");
        assertThat(ann.request(ECHO, new Text("goes on"))).isEqualTo(new Text("goes on"));
    }
}
