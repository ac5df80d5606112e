package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Attribute;
import dev.realtime.ConnectInterceptor;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.SessionView;
import dev.realtime.TypeToken;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a session knows of its client, and what others see of it. */
class SessionFactsTest {
    private static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
    private static final Attribute<List<Text>> BAG = Attribute.recorded("bag", new TypeToken<List<Text>>() {});
    private static final Attribute<Map<String, Integer>> LOCAL =
            Attribute.local("local", new TypeToken<Map<String, Integer>>() {});

    private final List<String> rooms = new ArrayList<>();
    private BiConsumer<Handshake, ConnectInterceptor.Entry> entering = (handshake, entry) -> {};

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(
            2, () -> Realtime.builder().limits(Limits.DEFAULT.maxRooms(4)).namespace("/", this::game));

    private void game(NamespaceSetup game) {
        game.allowAnonymous()
                .intercept((handshake, principal, entry) -> entering.accept(handshake, entry))
                .onConnect(session -> rooms.addAll(
                        session.rooms().stream().map(Object::toString).toList()))
                .on(Game.SAY, (session, said) -> session.emit(Game.SAID, said));
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private TestClient connect() {
        return cluster.client(0)
                .user("ann")
                .header("user-agent", "Game/7")
                .query("match", "7")
                .from("203.0.113.7")
                .auth("character", "elf")
                .connect("/");
    }

    @Test
    void aSessionKnowsHowItsClientHasConnected() {
        TestClient ann = connect();
        Instant connected = cluster.time().now();
        Handshake handshake = session(0, ann).handshake().orElseThrow();
        assertThat(handshake.query("match")).contains("7");
        assertThat(handshake.query()).containsKey("EIO");
        assertThat(handshake.header("User-Agent")).contains("Game/7");
        assertThat(handshake.auth("character")).contains("elf");
        assertThat(handshake.remoteAddress()).isEqualTo("203.0.113.7");
        assertThat(handshake.secure()).isFalse();
        assertThat(handshake.at()).isEqualTo(connected);
        assertThat(session(0, ann).userAgent()).contains("Game/7");
        assertThat(handshake.toString()).doesNotContain("elf");
    }

    @Test
    void aResumeBringsAnotherHandshake() {
        TestClient ann = connect();
        Session before = session(0, ann);
        Instant first = before.connectedAt();
        ann.dropConnection();
        assertThat(before.handshake()).isEmpty();
        assertThat(before.userAgent()).isEmpty();
        assertThat(before.connectedAt()).isEqualTo(first);

        cluster.advance(Duration.ofSeconds(5));
        ann.auth("character", "dwarf");
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        assertThat(before.handshake().orElseThrow().auth("character")).contains("dwarf");
        assertThat(before.connectedAt()).isAfterOrEqualTo(first.plusSeconds(5));

        ann.dropConnection();
        ann.auth("character", "orc");
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(session(1, ann).handshake().orElseThrow().auth("character")).contains("orc");
    }

    @Test
    void aLongAuthPayloadIsNotKept() {
        TestClient kept =
                cluster.client(0).user("ann").auth("x", "x".repeat(4_000)).connect("/");
        TestClient dropped =
                cluster.client(0).user("bob").auth("x", "x".repeat(4_100)).connect("/");
        assertThat(session(0, kept).handshake().orElseThrow().auth()).containsKey("x");
        assertThat(session(0, dropped).handshake().orElseThrow().auth()).isEmpty();
    }

    @Test
    void aSessionKnowsWhenItsClientWasHeardLast() {
        TestClient ann = connect();
        Session session = session(0, ann);
        assertThat(session.lastEventAt()).isEmpty();
        cluster.advance(Duration.ofSeconds(40));
        ann.emit(Game.SAY, new Text("hi"));
        Instant said = cluster.time().now();
        cluster.advance(Duration.ofSeconds(40));
        assertThat(Duration.between(said, session.lastEventAt().orElseThrow()).abs())
                .isLessThan(Duration.ofMillis(100));
    }

    @Test
    void anInterceptorPutsASessionIntoRooms() {
        entering = (handshake, entry) -> {
            entry.join("match:" + handshake.query("match").orElseThrow());
            entry.join("team:red");
        };
        TestClient ann = connect();
        assertThat(rooms).contains("match:7", "team:red");
        cluster.await(cluster.node(1).namespace("/").room("match:7").emit(Game.SAID, new Text("go")));
        cluster.advance(Duration.ofMillis(10));
        assertThat(ann.next(Game.SAID)).isEqualTo(new Text("go"));
    }

    @Test
    void aSessionThatReturnsJoinsWhatItIsNotIn() {
        TestClient ann = connect();
        session(0, ann).join("team:red");
        ann.dropConnection();
        entering = (handshake, entry) -> {
            entry.join("team:red");
            entry.join("team:back");
        };
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        assertThat(session(0, ann).rooms())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("user:ann", "team:red", "team:back");
    }

    @Test
    void anInterceptorThatJoinsTooManyRoomsIsAtFault() {
        entering = (handshake, entry) -> {
            for (int i = 0; i < 5; i++) {
                entry.join("match:" + i);
            }
        };
        TestClient ann = connect();
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.connectError().orElseThrow().toString()).contains("handler_failed");
    }

    @Test
    void aViewReadsTypedAttributes() {
        TestClient ann = connect();
        Session session = session(0, ann);
        session.set(TEAM, "red");
        session.set(BAG, List.of(new Text("rope"), new Text("lamp")));
        session.set(LOCAL, Map.of("x", 1));
        assertThat(session.get(LOCAL)).isEqualTo(Map.of("x", 1));
        cluster.settle();
        for (int node = 0; node < 2; node++) {
            SessionView view = cluster.await(cluster.node(node).namespace("/").fetch())
                    .sessions()
                    .get(0);
            assertThat(view.get(TEAM)).isEqualTo("red");
            assertThat(view.get(BAG)).containsExactly(new Text("rope"), new Text("lamp"));
            assertThat(view.get(Attribute.recorded("none", String.class))).isNull();
            assertThatIllegalArgumentException().isThrownBy(() -> view.get(LOCAL));
        }
    }

    @Test
    void attributesOfGenericTypesTravel() {
        TestClient ann = connect();
        session(0, ann).set(BAG, List.of(new Text("rope")));
        cluster.settle();
        ann.dropConnection();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(session(1, ann).get(BAG)).containsExactly(new Text("rope"));
    }

    @Test
    void theRoomsOfANodeAreKnown() {
        TestClient ann = connect();
        session(0, ann).join("team:red");
        assertThat(cluster.node(0).namespace("/").rooms())
                .extracting(Object::toString)
                .contains("team:red", "user:ann");
        session(0, ann).leave("team:red");
        assertThat(cluster.node(0).namespace("/").rooms())
                .extracting(Object::toString)
                .containsExactly("user:ann");
    }
}
