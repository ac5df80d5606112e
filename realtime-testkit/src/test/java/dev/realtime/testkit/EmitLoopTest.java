package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that reads takes what a test emits in a loop, without a word of the test in between. */
class EmitLoopTest {
    private static final Event<String> SAID = Event.of("said", String.class);
    private static final Event<Integer> BURST = Event.of("burst", Integer.class);
    private static final String KILOBYTE = "x".repeat(1_000);

    private static final List<DisconnectReason> SUSPENDED = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(EmitLoopTest::game);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, EmitLoopTest::game);

    private static RealtimeBuilder game() {
        SUSPENDED.clear();
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.onSuspend((session, reason) -> SUSPENDED.add(reason))
                                .on(BURST, (session, size) -> {
                                    for (int i = 0; i < size; i++) {
                                        session.emit(SAID, KILOBYTE);
                                    }
                                }));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyEventsOfATestArrive(boolean polling) {
        TestClient ann = realtime.client().user("ann").polling(polling).connect("/");
        for (int i = 0; i < 10_000; i++) {
            realtime.namespace("/").emit(SAID, "m");
        }
        assertThat(ann.received(SAID)).hasSize(10_000);
        assertThat(ann.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largeEventsOfATestArrive(boolean polling) {
        TestClient ann = realtime.client().user("ann").polling(polling).connect("/");
        for (int i = 0; i < 3_000; i++) {
            realtime.namespace("/").user("ann").emit(SAID, KILOBYTE);
        }
        assertThat(ann.received(SAID)).hasSize(3_000);
        assertThat(ann.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theyArriveOnAllNodes(boolean polling) {
        TestClient ann = cluster.client(0).user("ann").polling(polling).connect("/");
        TestClient bob = cluster.client(1).user("bob").polling(polling).connect("/");
        for (int i = 0; i < 6_000; i++) {
            cluster.node(i % 2).namespace("/").emit(SAID, "x".repeat(200));
        }
        assertThat(ann.received(SAID)).hasSize(6_000);
        assertThat(bob.received(SAID)).hasSize(6_000);
    }

    @Test
    void theEventsOfAHandlerArriveToo() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emit(BURST, 3_000);
        assertThat(ann.received(SAID)).hasSize(3_000);
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void eventsThatMayBeLostAreNotLostToAClientThatReads() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 3_000; i++) {
            realtime.namespace("/").asVolatile().emit(SAID, KILOBYTE);
        }
        assertThat(ann.received(SAID)).hasSize(3_000);
    }

    @Test
    void aClientThatStopsReadingOverflowsAsForReal() {
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        for (int i = 0; i < 3_000; i++) {
            realtime.namespace("/").emit(SAID, KILOBYTE);
        }
        assertThat(ann.received(SAID)).isEmpty();
        assertThat(SUSPENDED).containsExactly(DisconnectReason.SLOW_CONSUMER);
    }

    @Test
    void whatATestReadsIsThereWithoutSettling() {
        TestClient ann = realtime.connect("/", "ann");
        realtime.namespace("/").emit(SAID, "one");
        assertThat(ann.has(SAID)).isTrue();
        realtime.namespace("/").emit(SAID, "two");
        assertThat(ann.next(SAID)).isEqualTo("one");
        assertThat(ann.next(SAID)).isEqualTo("two");
    }
}
