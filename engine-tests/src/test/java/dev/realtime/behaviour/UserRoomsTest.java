package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules of rooms see what has been decided about a user at run time, and are asked again when that changes or ends. */
class UserRoomsTest {
    private static final Request<Text, Text> ENTER = Request.of("enter", Text.class, Text.class);
    private static final RoomKind VAULT = RoomKind.named("vault");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> lost = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .users(UserRules.DEFAULT)
                .namespace(
                        "/",
                        game -> game.joins(VAULT, (principal, room) -> principal.may("vault"))
                                .intercept((handshake, principal, entry) ->
                                        handshake.query("room").map(VAULT::of).ifPresent(entry::join))
                                .on(ENTER, (session, text) -> {
                                    session.join(VAULT.of(text.text()));
                                    return text;
                                })
                                .onRoomLost((session, room) ->
                                        lost.add(session.principal().id() + " " + room)));
    }

    private User bob(int node) {
        return cluster.node(node).realtime().users().user("bob");
    }

    private boolean mayEnter(TestClient client) {
        return !client.ask(ENTER, new Text("gold")).answer().toString().contains("error");
    }

    private int inside(int node) {
        return cluster.await(
                        cluster.node(node).namespace("/").room(VAULT.of("gold")).fetch())
                .sessions()
                .size();
    }

    @Test
    void whoIsGrantedARightMayEnter() {
        TestClient bob = cluster.connect(0, "/", "bob");
        assertThat(mayEnter(bob)).isFalse();
        cluster.await(bob(1).grant("vault", HOUR));
        cluster.advance(SECOND);
        assertThat(mayEnter(bob)).isTrue();
        assertThat(inside(1)).isOne();
    }

    @Test
    void whoLosesARightLeavesOnEveryNode() {
        cluster.await(bob(0).grant("vault", HOUR));
        TestClient here = cluster.connect(0, "/", "bob");
        TestClient there = cluster.connect(1, "/", "bob");
        assertThat(mayEnter(here)).isTrue();
        assertThat(mayEnter(there)).isTrue();
        cluster.await(bob(0).reset("vault"));
        cluster.advance(SECOND);
        assertThat(inside(0)).isZero();
        assertThat(lost).containsExactly("bob vault:gold", "bob vault:gold");
        assertThat(here.isConnected()).isTrue();
    }

    @Test
    void whatTheCredentialsSayIsTakenAwayToo() {
        TestClient bob = cluster.client(0)
                .user("bob")
                .auth("permissions", List.of("vault"))
                .connect("/");
        assertThat(mayEnter(bob)).isTrue();
        cluster.await(bob(1).revoke("vault", HOUR));
        cluster.advance(SECOND);
        assertThat(lost).containsExactly("bob vault:gold");
        assertThat(mayEnter(bob)).isFalse();
        cluster.advance(HOUR);
        assertThat(mayEnter(bob)).as("when that has ended").isTrue();
    }

    @Test
    void aGrantThatEndsTakesItsRoomsAlong() {
        cluster.await(bob(0).grant("vault", HOUR));
        TestClient bob = cluster.connect(1, "/", "bob");
        assertThat(mayEnter(bob)).isTrue();
        cluster.advance(HOUR.minusSeconds(2));
        assertThat(lost).isEmpty();
        cluster.advance(Duration.ofSeconds(4));
        assertThat(lost).containsExactly("bob vault:gold");
        assertThat(inside(0)).isZero();
    }

    @Test
    void anInterceptorPutsNobodyThereByWhatHasBeenRevoked() {
        cluster.await(bob(0).revoke("vault", HOUR));
        TestClient bob = cluster.client(1)
                .user("bob")
                .auth("permissions", List.of("vault"))
                .query("room", "gold")
                .connect("/");
        cluster.advance(SECOND);
        assertThat(bob.connectError().orElseThrow().code()).isEqualTo("forbidden");
        cluster.await(bob(0).reset("vault"));
        bob.reconnect(0);
        assertThat(inside(1)).isOne();
        assertThat(lost).isEmpty();
    }

    @Test
    void whoResumesWithAGrantKeepsItsRooms() {
        cluster.await(bob(0).grant("vault", HOUR));
        TestClient bob = cluster.connect(0, "/", "bob");
        assertThat(mayEnter(bob)).isTrue();
        bob.dropConnection();
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(inside(1)).isOne();
    }

    @Test
    void nobodyIsKeptForTheEndOfAGrant() {
        int before = cluster.node(0).timers();
        cluster.await(bob(0).grant("vault", HOUR));
        for (int come = 0; come < 5; come++) {
            cluster.connect(0, "/", "bob").disconnect();
        }
        cluster.advance(Duration.ofSeconds(30)); // longer than an ended session is remembered
        assertThat(cluster.node(0).timers()).isEqualTo(before);
    }
}
