package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.events.ClientEvents;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.users.UserRules;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With rules for users, who is restricted by the escalation of one node is restricted on all, and exemptions can be given at run time. */
class SharedRestrictionTest {
    private static final Event<Text> ONCE = Event.of("once", Text.class).limit(RateLimit.per(Duration.ofDays(7), 1));

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, SharedRestrictionTest::game);

    private static RealtimeBuilder game() {
        return Game.open(game -> game.on(ONCE, (session, text) -> {}))
                .clientEvents(ClientEvents.BY_KIND)
                .escalation(Escalation.DEFAULT)
                .limits(Limits.DEFAULT.exemptWith("limits.exempt"))
                .users(UserRules.DEFAULT);
    }

    private void violate(TestClient client, int times) {
        for (int i = 0; i < times; i++) {
            client.emit(ONCE, new Text("x"));
        }
        cluster.advance(Duration.ofSeconds(1));
    }

    @Test
    void aChangeOfNodeIsNoWayOut() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient elsewhere = cluster.connect(1, "/", "ann");
        violate(ann, 7);
        assertThat(elsewhere.ask(ECHO, new Text("x")).errorCode()).isEqualTo("restricted");
        assertThat(cluster.connect(1, "/", "ann").ask(ECHO, new Text("x")).errorCode())
                .isEqualTo("restricted");
        assertThat(cluster.connect(1, "/", "bob").request(ECHO, new Text("x"))).isNotNull();
        elsewhere.emit(ONCE, new Text("x"));
        cluster.advance(Duration.ofSeconds(1));
        var told = elsewhere.nextRaw("error:rate_limited").arguments().get(0);
        assertThat(told.path("action").asText()).isEqualTo("temporary_restriction");
        assertThat(told.path("duration_minutes").asInt()).isEqualTo(5);
        cluster.advance(Duration.ofMinutes(5));
        assertThat(elsewhere.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void anExemptionThatIsGivenAtRunTimeCounts() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.node(0).realtime().users().user("ann").grant("limits.exempt", Duration.ofHours(1));
        cluster.advance(Duration.ofSeconds(1));
        violate(ann, 20);
        assertThat(ann.received()).isEmpty();
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
    }
}
