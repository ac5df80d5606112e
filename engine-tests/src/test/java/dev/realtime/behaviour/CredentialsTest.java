package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I6 and I14: credentials end when they say, whatever the clock or the network does. */
class CredentialsTest {
    static final Request<Text, Text> ADMIN =
            Request.of("admin", Text.class, Text.class).permission("game.admin");

    private final List<DisconnectReason> ended = new ArrayList<>();
    private final List<String> fresh = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.on(ECHO, (session, text) -> text)
                            .on(ADMIN, (session, text) -> text)
                            .onFresh((session, reason) -> fresh.add(reason.name()))
                            .onDisconnect((session, reason) -> ended.add(reason))));

    @Test
    void aSessionEndsWithItsCredentials() {
        TestClient ann = expiringIn(Duration.ofMinutes(10));
        realtime.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(ann.isConnected()).isTrue();
        realtime.advance(Duration.ofSeconds(3));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ended).containsExactly(DisconnectReason.CREDENTIALS_EXPIRED);
    }

    @Test
    void credentialsAreRenewedInPlace() {
        TestClient ann = expiringIn(Duration.ofMinutes(10));
        String id = ann.id();
        realtime.advance(Duration.ofMinutes(9));
        var reply = ann.askRaw(
                "auth:refresh",
                Map.of(
                        "user",
                        "ann",
                        "permissions",
                        List.of("game.admin"),
                        "expires",
                        realtime.time().now().plus(Duration.ofMinutes(10)).toString()));
        assertThat(reply.answer().toString()).doesNotContain("error");
        assertThat(ann.request(ADMIN, new Text("new permissions"))).isNotNull();
        realtime.advance(Duration.ofMinutes(9));
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.id()).isEqualTo(id);
        realtime.advance(Duration.ofMinutes(2));
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void aRenewalForSomebodyElseIsRefused() {
        TestClient ann = expiringIn(Duration.ofMinutes(10));
        assertThat(ann.askRaw("auth:refresh", Map.of("user", "root")).answer().toString())
                .contains("error");
        assertThat(ann.askRaw("auth:refresh").answer().toString()).contains("error");
        if (ann.isConnected()) {
            assertThat(Game.session(realtime, ann).principal().id()).isEqualTo("ann");
        }
    }

    @Test
    void credentialsThatEndDuringADropAreNotGoodForAResume() {
        TestClient ann = expiringIn(Duration.ofSeconds(30));
        ann.dropConnection();
        realtime.advance(Duration.ofSeconds(40));
        ann.auth("expires", realtime.time().now().plusSeconds(600).toString());
        ann.reconnect();
        assertThat(ann.isConnected()).isTrue();
        assertThat(fresh).hasSizeLessThanOrEqualTo(1);
        if (ann.recovered()) {
            realtime.advance(Duration.ofSeconds(500));
            assertThat(ann.isConnected()).as("renewed by the resume").isTrue();
        } else {
            assertThat(fresh).hasSize(1);
        }
    }

    @Test
    void anotherUserWithTheSamePrivateIdIsNotResumed() {
        TestClient ann = realtime.connect("/", "ann");
        String id = ann.id();
        ann.dropConnection();
        ann.auth("user", "bob");
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
        assertThat(ann.id()).isNotEqualTo(id);
        assertThat(fresh).containsExactly("CREDENTIALS_CHANGED");
    }

    @Test
    void aResumeTakesTheNewPermissions() {
        TestClient ann = realtime.client().user("ann", "game.admin").connect("/");
        ann.dropConnection();
        ann.auth("permissions", null);
        ann.reconnect();
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.ask(ADMIN, new Text("x")).errorCode()).isEqualTo("forbidden");
    }

    @Test
    void aClockThatJumpsBackDoesNotExtendCredentials() {
        TestClient ann = expiringIn(Duration.ofMinutes(10));
        realtime.time().jumpWallClock(Duration.ofHours(-5));
        realtime.advance(Duration.ofMinutes(10).plusSeconds(2));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ended).containsExactly(DisconnectReason.CREDENTIALS_EXPIRED);
    }

    @Test
    void aClockThatJumpsDoesNotEndASuspendedSessionEarly() {
        TestClient ann = realtime.connect("/", "ann");
        Game.session(realtime, ann);
        ann.dropConnection();
        realtime.time().jumpWallClock(Duration.ofDays(2));
        realtime.advance(Duration.ofSeconds(30));
        realtime.time().jumpWallClock(Duration.ofDays(-4));
        realtime.advance(Duration.ofSeconds(30));
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
    }

    @Test
    void credentialsThatAreOverAreNotAccepted() {
        TestClient ann = realtime.client()
                .user("ann")
                .auth("expires", realtime.time().now().minusSeconds(1).toString())
                .connect("/");
        assertThat(ann.isConnected()).isFalse();
    }

    private TestClient expiringIn(Duration life) {
        return realtime.client()
                .user("ann")
                .auth("expires", realtime.time().now().plus(life).toString())
                .connect("/");
    }
}
