package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who watches many crowded rooms is told no more at once than an outbox holds, and knows in the end who is there. */
class PresenceCrowdsTest {
    private static final Event<Void> TICK = Event.of("tick");
    private static final int ZONES = 64;
    private static final int MEMBERS = 200;
    private static final int SHARE = 256 << 10;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, PresenceCrowdsTest::game);

    private TestClient ann;

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .lease(Duration.ofSeconds(10))
                .namespace("/", game -> game.presence(PresenceOptions.DEFAULT.rooms(ZONE)));
    }

    @BeforeEach
    void crowds() {
        for (int i = 0; i < MEMBERS; i++) {
            Session one = session(1, cluster.connect(1, "/", (1_000 + i) + "x".repeat(246)));
            for (int zone = 0; zone < ZONES; zone++) {
                one.join(ZONE.of("z" + zone));
            }
            cluster.settle();
        }
        cluster.advance(Duration.ofSeconds(5));
        ann = cluster.connect(0, "/", "ann");
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private void watchAll() {
        for (int zone = 0; zone < ZONES; zone++) {
            cluster.node(0).namespace("/").presence().watch(session(0, ann), ZONE.of("z" + zone));
        }
    }

    /** Its client reads nothing for a moment, while other events come as well. */
    private void isBusyFor(int seconds) {
        ann.stall();
        for (int second = 0; second < seconds; second++) {
            session(0, ann).emit(TICK);
            cluster.advance(Duration.ofSeconds(1));
        }
        ann.resume();
        cluster.settle();
    }

    private void knows(int node) {
        PresenceView view = PresenceView.of(ann);
        Presence presence = cluster.node(node).namespace("/").presence();
        for (int zone = 0; zone < ZONES; zone++) {
            view.isTrue(presence, ZONE.of("z" + zone), "node " + node);
            assertThat(view.more(ZONE.of("z" + zone))).isZero();
        }
    }

    @Test
    void aNodeThatDiesEndsNoConnectionOfThoseWhoWatchItsCrowds() {
        watchAll();
        cluster.advance(Duration.ofSeconds(25));
        knows(0);
        cluster.node(1).kill();
        cluster.advance(Duration.ofSeconds(9));
        isBusyFor(9);
        assertThat(ann.isConnected()).isTrue();
        cluster.advance(Duration.ofSeconds(25));
        knows(0);
        isBusyFor(9);
        cluster.advance(Duration.ofMinutes(2));
        assertThat(ann.isConnected()).isTrue();
        knows(0);
        assertThat(ann.received())
                .filteredOn(event -> event.name().startsWith("presence:"))
                .allSatisfy(event -> assertThat(size(event)).isLessThan(SHARE + 4_096));
    }

    @Test
    void whatCouldNotBeToldIsShownToOneWhoGoesOnElsewhere() {
        watchAll();
        cluster.advance(Duration.ofSeconds(25));
        cluster.node(1).kill();
        while (PresenceView.of(ann).diffs() == 0) {
            cluster.advance(Duration.ofMillis(20));
        }
        session(0, ann).emit(TICK);
        cluster.settle();
        ann.dropConnection();
        cluster.node(0).kill();
        cluster.advance(Duration.ofSeconds(30));
        ann.reconnect(2);
        assertThat(ann.recovered()).isTrue();
        cluster.advance(Duration.ofSeconds(25));
        assertThat(ann.isConnected()).isTrue();
        knows(2);
    }

    @Test
    void whatHasBeenShownByItsNumbersAloneIsShownToOneWhoGoesOnElsewhere() {
        cluster.advance(Duration.ofSeconds(30)); // what the crowds have changed is long ago
        watchAll();
        for (int second = 0; second < 3; second++) {
            cluster.advance(Duration.ofSeconds(1));
            session(0, ann).emit(TICK);
            cluster.settle();
        }
        ann.dropConnection();
        ann.reconnect(2);
        assertThat(ann.recovered()).isTrue();
        cluster.advance(Duration.ofSeconds(25));
        knows(2);
    }

    @Test
    void whoBeginsToWatchManyCrowdsAtOnceIsShownThemOneAfterTheOther() {
        ann.stall();
        watchAll();
        cluster.advance(Duration.ofMillis(50));
        ann.resume();
        cluster.settle();
        assertThat(ann.isConnected()).isTrue();
        assertThat(ann.received().stream().mapToInt(PresenceCrowdsTest::size).sum())
                .isLessThan(2 * SHARE);
        cluster.advance(Duration.ofSeconds(25));
        knows(0);
    }

    private static int size(ReceivedEvent event) {
        return event.arguments().toString().length();
    }
}
