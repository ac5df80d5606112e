package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VolatileTest {
    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace("/", game -> game.allowAnonymous())
            .namespace("/world", world -> world.allowAnonymous().tick(Duration.ofMillis(50))));

    @Test
    void volatileEventsReachWhoIsConnectedInTurnWithReliableOnes() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 10; i++) {
            realtime.namespace("/").emit(TICK, new Number(2 * i));
            realtime.namespace("/").asVolatile().emit(TICK, new Number(2 * i + 1));
        }
        realtime.settle();
        assertThat(Game.ticks(ann))
                .isEqualTo(java.util.stream.IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void aSuspendedSessionGetsNone() {
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        realtime.namespace("/").asVolatile().emit(SAID, new Text("gone"));
        realtime.settle();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received()).isEmpty();
    }

    @Test
    void withoutATickCoalescedEventsLeaveAtOnce() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 3; i++) {
            realtime.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
            realtime.settle();
        }
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2);
    }

    @Test
    void onATickOnlyTheLatestOfEachKeyLeaves() {
        TestClient ann = realtime.connect("/world", "ann");
        for (int i = 0; i < 10; i++) {
            realtime.namespace("/world").asVolatile().coalesce("p7").emit(TICK, new Number(i));
            realtime.namespace("/world").asVolatile().coalesce("p8").emit(TICK, new Number(100 + i));
        }
        realtime.settle();
        assertThat(Game.ticks(ann)).isEmpty();
        realtime.advance(Duration.ofMillis(50));
        assertThat(Game.ticks(ann)).containsExactlyInAnyOrder(9, 109);
        realtime.advance(Duration.ofMillis(500));
        assertThat(Game.ticks(ann)).hasSize(2);
    }

    @Test
    void theSameKeyInTwoAudiencesIsTwoThings() {
        TestClient ann = realtime.connect("/world", "ann");
        TestClient bob = realtime.connect("/world", "bob");
        realtime.namespace("/world").user("ann").asVolatile().coalesce("k").emit(TICK, new Number(1));
        realtime.namespace("/world").user("bob").asVolatile().coalesce("k").emit(TICK, new Number(2));
        realtime.advance(Duration.ofMillis(60));
        assertThat(Game.ticks(ann)).containsExactly(1);
        assertThat(Game.ticks(bob)).containsExactly(2);
    }

    @Test
    void eventsWithoutAKeyDoNotWaitForTheTick() {
        TestClient ann = realtime.connect("/world", "ann");
        realtime.namespace("/world").asVolatile().emit(TICK, new Number(1));
        realtime.settle();
        assertThat(Game.ticks(ann)).isEqualTo(List.of(1));
    }
}
