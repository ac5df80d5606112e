package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Principal;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKey;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.backend.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A resume writes the session's record only if it is old, or does not say what the session has become: the claim alone moves it. */
class ResumedRecordTest {
    private static final RoomKey CAVE = RoomKey.parse("zone:cave");
    private static final Duration WINDOW = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATE = WINDOW.dividedBy(2).plus(SOON);
    private static final Duration DEAD = Duration.ofSeconds(15); // longer than a lease

    private final List<SessionRecord> saved = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster =
            TestCluster.of(3, ResumedRecordTest::game).keepAuthenticator().start();

    private static RealtimeBuilder game() {
        return Game.open()
                .recovery(Recovery.within(WINDOW))
                .authenticator(handshake -> Optional.of(Principal.of("bob")
                        .roles(handshake
                                .auth("role")
                                .map(role -> Set.of(role.toString()))
                                .orElse(Set.of()))));
    }

    @BeforeEach
    void watch() {
        cluster.backend().watch(new Witness() {
            @Override
            public void saved(SessionRecord session) {
                saved.add(session);
            }
        });
    }

    private TestClient bob() {
        TestClient bob = cluster.connect(0, "/", "bob");
        bob.request(Game.JOIN, new Game.Room("cave"));
        saved.clear();
        return bob;
    }

    private SessionRecord record() {
        return cluster.backend().records().get(0);
    }

    private void tick(int value) {
        cluster.await(cluster.node(2).namespace("/").room(CAVE).emit(Game.TICK, new Game.Number(value)));
    }

    @Test
    void aRecordThatWasWrittenLatelyIsNotWrittenAgain() {
        TestClient bob = bob();
        bob.loseNetwork();
        cluster.advance(SOON);
        bob.reconnect(1);
        bob.loseNetwork();
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(saved).isEmpty();
        assertThat(record().home().node()).isEqualTo(cluster.node(1).realtime().node());
    }

    @Test
    void aRecordThatIsOldIsWrittenAgain() {
        TestClient bob = bob();
        bob.loseNetwork();
        cluster.advance(LATE);
        saved.clear(); // while the node believed that he is there
        cluster.advance(WINDOW.dividedBy(2).plus(SOON));
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(saved).hasSize(1);
    }

    @Test
    void aSessionThatStaysIsWrittenBeforeItsRecordRunsOut() {
        TestClient bob = bob();
        bob.loseNetwork();
        cluster.advance(SOON);
        bob.reconnect(1);
        assertThat(saved).isEmpty();
        cluster.advance(WINDOW);
        assertThat(saved)
                .isNotEmpty()
                .allMatch(session ->
                        session.home().node().equals(cluster.node(1).realtime().node()));
        cluster.advance(WINDOW.multipliedBy(3));

        cluster.node(1).kill();
        tick(1);
        cluster.advance(DEAD);
        bob.reconnect(2);
        tick(2);
        assertThat(bob.recovered()).isTrue();
        assertThat(Game.ticks(bob)).containsExactly(1, 2);
    }

    @Test
    void whoComesAndGoesForALongTimeKeepsTheSession() {
        TestClient bob = bob();
        List<Integer> all = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            bob.loseNetwork();
            tick(i);
            cluster.advance(WINDOW.dividedBy(3));
            bob.reconnect(i % 2);
            assertThat(bob.recovered()).isTrue();
            all.add(i);
        }
        assertThat(Game.ticks(bob)).isEqualTo(all);
        assertThat(saved).hasSizeLessThan(30);
    }

    @Test
    void aNodeThatIsKilledRightBehindTheResumeLosesNothing() {
        TestClient bob = bob();
        bob.loseNetwork();
        tick(1);
        bob.reconnect(1);
        String killed = record().home().node();
        cluster.node(1).kill();
        assertThat(saved).isEmpty();
        tick(2);
        cluster.advance(DEAD); // another node takes it over
        assertThat(record().home().node()).isNotEqualTo(killed);
        bob.reconnect(2);
        tick(3);
        assertThat(bob.recovered()).isTrue();
        assertThat(Game.ticks(bob)).containsExactly(1, 2, 3);
    }

    @Test
    void newerCredentialsThatAClientComesBackWithAreRecorded() {
        TestClient bob = bob();
        bob.loseNetwork();
        bob.auth("role", "admin");
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(record().principal()).isEqualTo(Principal.of("bob").roles(Set.of("admin")));
    }

    @Test
    void whatTheAudienceWasToldWhileTheSessionHadNoHomeIsRecorded() {
        TestClient bob = bob();
        cluster.node(0).kill();
        cluster.await(cluster.node(2).namespace("/").session(bob.id()).leave(CAVE));
        bob.reconnect(1);
        cluster.backend().evict("/", cluster.backend().tail("/"));
        assertThat(bob.recovered()).isTrue();
        assertThat(record().memberships())
                .noneMatch(membership -> membership.room().equals(CAVE.toString()) && membership.left() == null);
    }

    @Test
    void aChangeThatCouldNotBeWrittenIsWrittenWithTheResume() {
        TestClient bob = bob();
        cluster.node(0).cutToBackend();
        bob.ask(Game.JOIN, new Game.Room("tavern"));
        cluster.advance(SOON.multipliedBy(2));
        cluster.node(0).heal();
        saved.clear();
        bob.loseNetwork();
        bob.reconnect(0);
        assertThat(bob.recovered()).isTrue();
        assertThat(record().memberships())
                .anyMatch(membership -> membership.room().equals("zone:tavern"));
    }
}
