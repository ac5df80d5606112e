package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connect interceptors see who comes in as it is at run time, whenever it becomes known who that is. */
class ConnectInterceptorTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> told = new ArrayList<>();
    private Set<String> shown = Set.of();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::options).keepAuthenticator();

    private RealtimeBuilder options() {
        return Realtime.builder()
                .authenticator(handshake ->
                        handshake.auth("token").map(user -> Principal.of(user).permissions(shown)))
                .limits(Limits.DEFAULT.failedAuthentications(RateLimit.perMinute(3)))
                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .intercept((ConnectInterceptor) this::connecting)
                                .on(ECHO, (session, text) -> text)
                                .onConnect(session -> told.add("connect " + session.rooms()))
                                .onAuthenticate(session -> told.add("is " + session.rooms())));
    }

    private void connecting(Handshake handshake, Principal principal, ConnectInterceptor.Entry entry) {
        told.add("asked of " + (principal.anonymous() ? "nobody" : principal.id()) + " with "
                + handshake.auth("token").orElse("nothing"));
        if (principal.may("banned")) {
            throw new ConnectRefusedException("banned", "Not you");
        }
        if (principal.may("staff")) {
            entry.join("zone:office");
        }
    }

    private User ann() {
        return realtime.realtime().users().user("ann");
    }

    private TestClient connect() {
        return realtime.client().auth("token", "ann").connect("/");
    }

    @Test
    void whatHasBeenGrantedIsSeenByInterceptors() {
        realtime.await(ann().grant("staff", HOUR));
        connect();
        assertThat(told).containsExactly("asked of ann with ann", "connect [user:ann, zone:office]");
    }

    @Test
    void whatHasBeenRevokedIsNot() {
        shown = Set.of("staff");
        realtime.await(ann().revoke("staff", HOUR));
        connect();
        assertThat(told).containsExactly("asked of ann with ann", "connect [user:ann]");
    }

    @Test
    void whoAuthenticatesLaterIsSeenByThemToo() {
        realtime.await(ann().grant("staff", HOUR));
        TestClient client = realtime.client().connect("/");
        assertThat(client.askRaw("authenticate", "ann").isAnswered()).isTrue();
        assertThat(told)
                .containsExactly(
                        "asked of nobody with nothing",
                        "connect []",
                        "asked of ann with ann",
                        "is [user:ann, zone:office]");
        client.askRaw("authenticate", "ann").answer();
        assertThat(told).as("a renewal").hasSize(4);
    }

    @Test
    void whoIsRefusedByOneStaysNobodyAndPutsNobodyOut() {
        TestClient before = connect();
        shown = Set.of("banned");
        TestClient client = realtime.client().connect("/");
        TestReply<?> refused = client.askRaw("authenticate", "ann");
        assertThat(refused.errorCode()).isEqualTo("banned");
        assertThat(refused.error().path("message").asText()).isEqualTo("Not you");
        assertThat(Game.session(realtime, client).principal().anonymous()).isTrue();
        assertThat(before.ask(ECHO, new Text("x")).value()).isNotNull();
        for (int i = 0; i < 2; i++) {
            client.askRaw("authenticate", "ann").answer();
        }
        assertThat(client.askRaw("authenticate", "ann").errorCode()).isEqualTo("rate_limited");
    }
}
