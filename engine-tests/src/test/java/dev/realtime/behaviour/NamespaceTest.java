package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.ConnectError;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NamespaceTest {
    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxNamespaces(4).maxConnectionsPerUser(2).connectTimeout(Duration.ofSeconds(45)))
            .namespace("/", root -> root.allowAnonymous().on(ECHO, (session, text) -> text))
            .namespace("/members", members -> members.on(ECHO, (session, text) -> text))
            .namespace(
                    "/closed",
                    closed -> closed.allowAnonymous().intercept((ConnectInterceptor) (handshake, principal, entry) -> {
                        throw new ConnectRefusedException("come back tomorrow", Map.of("code", "closed", "hours", 24));
                    }))
            .namespace(
                    "/broken",
                    broken -> broken.allowAnonymous().intercept((ConnectInterceptor) (handshake, principal, entry) -> {
                        throw new IllegalStateException("a secret of the database");
                    }))
            .namespaces(
                    Pattern.compile("/match/[0-9]+"),
                    match -> match.allowAnonymous()
                            .on(
                                    ECHO,
                                    (session, text) ->
                                            new Text(session.namespace().name() + text.text()))));

    @Test
    void aClientGetsAnIdAndAPrivateId() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.id()).hasSize(20).isNotEqualTo(ann.connectionId());
        assertThat(ann.privateId().orElseThrow()).hasSize(20).isNotEqualTo(ann.id());
        assertThat(Game.session(realtime, ann).principal().id()).isEqualTo("ann");
    }

    @Test
    void severalNamespacesShareOneConnection() {
        TestClient root = realtime.connect("/", "ann");
        TestClient members = root.also("/members");
        assertThat(members.isConnected()).isTrue();
        assertThat(members.id()).isNotEqualTo(root.id());
        assertThat(members.request(ECHO, new Text("m"))).isEqualTo(new Text("m"));
        assertThat(root.request(ECHO, new Text("r"))).isEqualTo(new Text("r"));
        assertThat(realtime.realtime().stats().connections()).isEqualTo(1);
        assertThat(realtime.realtime().stats().sessions()).isEqualTo(2);
    }

    @Test
    void leavingOneNamespaceLeavesTheOtherAlone() {
        TestClient root = realtime.connect("/", "ann");
        TestClient members = root.also("/members");
        members.disconnect();
        assertThat(realtime.namespace("/members").sessions()).isEmpty();
        assertThat(root.request(ECHO, new Text("r"))).isEqualTo(new Text("r"));
        members.reconnect();
        assertThat(members.isConnected()).isTrue();
    }

    @Test
    void namespacesComeIntoBeingByTheirPattern() {
        TestClient seven = realtime.connect("/match/7", "ann");
        TestClient eight = realtime.connect("/match/8", "bob");
        assertThat(seven.request(ECHO, new Text("!"))).isEqualTo(new Text("/match/7!"));
        assertThat(eight.request(ECHO, new Text("!"))).isEqualTo(new Text("/match/8!"));
        realtime.namespace("/match/7").emit(Game.SAID, new Text("for seven"));
        realtime.settle();
        assertThat(seven.has(Game.SAID)).isTrue();
        assertThat(eight.has(Game.SAID)).isFalse();
    }

    @Test
    void anUnknownNamespaceIsRefusedByName() {
        for (String unknown : new String[] {"/nobody", "/match/x", "/match/7/8", "/__proto__"}) {
            TestClient ann = realtime.connect(unknown, "ann");
            assertThat(ann.isConnected()).isFalse();
            ConnectError error = ann.connectError().orElseThrow();
            assertThat(error.message()).isEqualTo("Invalid namespace");
            assertThat(error.data().isMissingNode())
                    .as("as upstream, without data")
                    .isTrue();
        }
    }

    @Test
    void aClientWithoutCredentialsIsRefusedWhereTheyAreNeeded() {
        TestClient nobody = realtime.client().connect("/members");
        assertThat(nobody.isConnected()).isFalse();
        assertThat(nobody.connectError().orElseThrow().code()).isEqualTo("unauthorized");
    }

    @Test
    void aClientWithoutCredentialsIsAnonymousWhereThatIsAllowed() {
        TestClient nobody = realtime.client().connect("/");
        assertThat(nobody.isConnected()).isTrue();
        assertThat(Game.session(realtime, nobody).principal().anonymous()).isTrue();
    }

    @Test
    void anInterceptorRefusesWithMessageAndData() {
        TestClient ann = realtime.connect("/closed", "ann");
        ConnectError error = ann.connectError().orElseThrow();
        assertThat(error.message()).isEqualTo("come back tomorrow");
        assertThat(error.code()).isEqualTo("closed");
        assertThat(error.data().path("hours").asInt()).isEqualTo(24);
    }

    @Test
    void anInterceptorThatFailsShowsNothingOfWhy() {
        TestClient ann = realtime.connect("/broken", "ann");
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.connectError().orElseThrow().toString()).doesNotContain("secret");
    }

    @Test
    void aConnectionThatNeverConnectsToANamespaceIsClosed() {
        InMemoryConnection socket = realtime.transport().open(webSocket().view());
        realtime.settle();
        for (int i = 0; i < 46; i++) {
            socket.send("3");
            realtime.advance(Duration.ofSeconds(1));
        }
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void aConnectionThatConnectedIsNotClosedByTheConnectTimeout() {
        TestClient ann = realtime.connect("/", "ann");
        realtime.advance(Duration.ofMinutes(5));
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void anEventBeforeTheConnectEndsTheConnection() {
        InMemoryConnection socket = realtime.transport().open(webSocket().view());
        socket.send("42[\"echo\",{\"text\":\"early\"}]");
        realtime.settle();
        assertThat(socket.texts()).noneMatch(text -> text.contains("early"));
    }

    @Test
    void tooManyNamespacesOnOneConnectionAreRefused() {
        TestClient root = realtime.connect("/", "ann");
        TestClient last = root;
        for (int i = 0; i < 4; i++) {
            last = root.also("/match/" + i);
        }
        assertThat(last.isConnected()).isFalse();
        assertThat(last.connectError().orElseThrow().code()).isEqualTo("too_many_namespaces");
        assertThat(root.request(ECHO, new Text("r"))).isEqualTo(new Text("r"));
    }

    @Test
    void aUserHasOnlySoManySessions() {
        TestClient one = realtime.connect("/", "ann");
        realtime.connect("/", "ann");
        TestClient three = realtime.connect("/", "ann");
        assertThat(three.connectError().orElseThrow().code()).isEqualTo("too_many_connections");
        assertThat(realtime.connect("/", "bob").isConnected()).isTrue();
        one.disconnect();
        assertThat(realtime.connect("/", "ann").isConnected()).isTrue();
    }

    @Test
    void theServerDisconnectsASessionFromItsNamespaceAlone() {
        TestClient root = realtime.connect("/", "ann");
        TestClient members = root.also("/members");
        Game.session(realtime, members).disconnect();
        realtime.settle();
        assertThat(members.disconnectReason()).isEqualTo("io server disconnect");
        assertThat(members.isConnected()).isFalse();
        assertThat(root.isConnected()).isTrue();
    }

    @Test
    void theServerClosesTheWholeConnection() {
        TestClient root = realtime.connect("/", "ann");
        TestClient members = root.also("/members");
        Game.session(realtime, members).disconnect(true);
        realtime.settle();
        assertThat(members.isConnected()).isFalse();
        assertThat(root.isConnected()).isFalse();
        assertThat(realtime.realtime().stats().connections()).isZero();
    }

    private static TestRequest webSocket() {
        return TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", "websocket");
    }
}
