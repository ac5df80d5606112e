package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Audience;
import dev.realtime.NamespaceSetup;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ThrottleTest {
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration FAR = Duration.ofMillis(400);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(ThrottleTest::game);

    private static RealtimeBuilder game() {
        return Game.open(game -> game.throttle(Throttle.of(TICK).atMostEvery(ThrottleTest::interval)));
    }

    /** Who is called far is far from everybody. */
    private static Duration interval(Session session, String key) {
        return session.principal().id().equals("far") ? FAR : EVERY;
    }

    private void tick(String key, int number) {
        tick(realtime.namespace("/"), key, number);
    }

    private void tick(Audience audience, String key, int number) {
        audience.asVolatile().coalesce(key).emit(TICK, new Number(number));
        realtime.settle();
    }

    @Test
    void theFirstArrivesAtOnceAndOfTheRestTheLatestWhenTheIntervalIsOver() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 5; i++) {
            tick("p7", i);
        }
        assertThat(Game.ticks(ann)).containsExactly(0);
        realtime.advance(EVERY.minusMillis(1));
        assertThat(Game.ticks(ann)).containsExactly(0);
        realtime.advance(Throttle.TICK);
        assertThat(Game.ticks(ann)).containsExactly(0, 4);
        realtime.advance(Duration.ofSeconds(1));
        assertThat(Game.ticks(ann)).as("nothing more").containsExactly(0, 4);
    }

    @Test
    void afterAQuietIntervalTheNextArrivesAtOnceAgain() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        realtime.advance(EVERY.plus(Throttle.TICK));
        tick("p7", 1);
        assertThat(Game.ticks(ann)).containsExactly(0, 1);
    }

    @Test
    void twentyASecondBecomeAsManyAsTheIntervalSaysForEachClient() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient far = realtime.connect("/", "far");
        for (int i = 0; i < 200; i++) {
            tick("p7", i);
            realtime.advance(Duration.ofMillis(50));
        }
        realtime.advance(Duration.ofSeconds(1));
        assertThat(Game.ticks(ann)).hasSizeBetween(99, 102).endsWith(199);
        assertThat(Game.ticks(far)).hasSizeBetween(24, 27).endsWith(199);
    }

    @Test
    void aShortIntervalDoesNotWaitForALongOne() {
        TestClient far = realtime.connect("/", "far");
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 2; i++) {
            tick(realtime.namespace("/").user("far"), "p7", i);
            tick(realtime.namespace("/").user("ann"), "p7", i);
        }
        realtime.advance(EVERY.plus(Throttle.TICK));
        assertThat(Game.ticks(ann)).containsExactly(0, 1);
        assertThat(Game.ticks(far)).containsExactly(0);
        realtime.advance(FAR.minus(EVERY));
        assertThat(Game.ticks(far)).containsExactly(0, 1);
    }

    @Test
    void keysDoNotDisturbEachOtherAndLeaveInTheOrderInWhichTheyCame() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p8", 1);
        tick("p9", 2);
        tick("p9", 3);
        tick("p8", 4);
        tick("p7", 5);
        tick("p9", 6);
        realtime.advance(EVERY.plus(Throttle.TICK));
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 4, 5, 6);
    }

    @Test
    void whatIsNotThrottledDoesNotWait() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 3; i++) {
            realtime.namespace("/").asVolatile().emit(TICK, new Number(i));
            realtime.namespace("/").asVolatile().coalesce("p7").emit(SAID, new Text("hi"));
            realtime.await(realtime.namespace("/").emit(TICK, new Number(10 + i)));
        }
        assertThat(Game.ticks(ann)).containsExactly(0, 10, 1, 11, 2, 12);
        assertThat(ann.received(SAID)).hasSize(3);
    }

    @Test
    void nothingOlderComesBehindALaterEventOfItsKeyThatIsNotThrottled() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p7", 1);
        realtime.namespace("/").asVolatile().coalesce("p7").emit(SAID, new Text("gone"));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(ann.received().stream().map(ReceivedEvent::name)).containsExactly("tick", "said");
    }

    @Test
    void whatWaitedCarriesTheOffsetOfWhenItLeaves() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p7", 1);
        String last = realtime.await(realtime.namespace("/").emit(SAID, new Text("between")))
                .toString();
        realtime.advance(EVERY.plus(Throttle.TICK));
        assertThat(Game.ticks(ann)).containsExactly(0, 1);
        assertThat(ann.lastOffset()).contains(last);
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(SAID)).as("once").hasSize(1);
    }

    @Test
    void whoLeavesTheRoomIsNotGivenWhatWaitedForIt() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        ann.request(JOIN, new Game.Room("tavern"));
        bob.request(JOIN, new Game.Room("tavern"));
        Audience tavern = realtime.namespace("/").room(ZONE.of("tavern"));
        tick(tavern, "p7", 0);
        tick(tavern, "p7", 1);
        Game.session(realtime, ann).leave(ZONE.of("tavern"));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(Game.ticks(ann)).containsExactly(0);
        assertThat(Game.ticks(bob)).containsExactly(0, 1);
    }

    @Test
    void whoIsExceptedByThenIsNotGivenWhatWaits() {
        TestClient ann = realtime.connect("/", "ann");
        Audience outside = realtime.namespace("/").except(ZONE.of("tavern"));
        tick(outside, "p7", 0);
        tick(outside, "p7", 1);
        ann.request(JOIN, new Game.Room("tavern"));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(Game.ticks(ann)).containsExactly(0);
    }

    @Test
    void whoseConnectionIsGoneByThenGetsNothingAndTheNextAtOnce() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p7", 1);
        ann.dropConnection();
        realtime.advance(Duration.ofSeconds(1));
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(Game.ticks(ann)).containsExactly(0);
        tick("p7", 2);
        assertThat(Game.ticks(ann)).containsExactly(0, 2);
    }

    @Test
    void pollingClientsGetTheSame() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        for (int i = 0; i < 5; i++) {
            tick("p7", i);
        }
        assertThat(Game.ticks(ann)).containsExactly(0);
        realtime.advance(EVERY.plus(Throttle.TICK));
        assertThat(Game.ticks(ann)).containsExactly(0, 4);
    }

    @Test
    void withATickOfTheNamespaceWhatWaitsLeavesAtIt() {
        try (TestRealtime other = TestRealtime.of(
                        () -> Game.open(game -> game.tick(Duration.ofMillis(50)).throttle(Throttle.of(TICK))))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 40; i++) {
                other.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                other.settle();
                other.advance(Duration.ofMillis(10));
            }
            other.advance(Duration.ofSeconds(1));
            assertThat(Game.ticks(ann)).hasSizeBetween(4, 6).endsWith(39);
        }
    }

    @Test
    void furtherKeysThanAreRememberedAreNotThrottled() {
        try (TestRealtime other = TestRealtime.of(
                        () -> Game.open(game -> game.throttle(Throttle.of(TICK).most(2))))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 9; i++) {
                other.namespace("/").asVolatile().coalesce("p" + i % 3).emit(TICK, new Number(i));
                other.settle();
            }
            assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 5, 8);
            other.advance(Duration.ofSeconds(1));
            assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 5, 8, 6, 7);
        }
    }

    @Test
    void whatWaitsForAClientIsBoundedInBytes() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        Throttle throttle = Throttle.of(SAID);
        try (TestRealtime other = TestRealtime.of(() -> Game.open(game -> game.throttle(throttle)))
                .start()) {
            TestClient eve = other.connect("/", "eve");
            Text large = new Text("x".repeat(Throttle.BYTES / 2 - 100));
            for (int i = 0; i < 6; i++) {
                other.namespace("/").asVolatile().coalesce("p" + i % 3).emit(SAID, large);
                other.settle();
            }
            assertThat(eve.received(SAID)).as("two wait, one found no room").hasSize(4);
            other.advance(Duration.ofSeconds(1));
            assertThat(eve.received(SAID)).hasSize(6);
        }
        assertThat(ann.received()).isEqualTo(bob.received()).isEmpty();
    }

    @Test
    void aSlowClientLosesWhatItsOutboxHasNoRoomForAndGetsTheNext() {
        try (TestRealtime other = TestRealtime.of(() ->
                        Game.open(game -> game.throttle(Throttle.of(TICK))).outbox(OutboxLimits.DEFAULT.maxMessages(8)))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            ann.stall();
            for (int i = 0; i < 100; i++) {
                other.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                other.settle();
                other.advance(Duration.ofMillis(20));
            }
            ann.resume();
            other.advance(Duration.ofSeconds(1));
            assertThat(Game.ticks(ann)).startsWith(0).endsWith(99).hasSizeLessThan(8);
        }
    }

    @Test
    void anIntervalThatFailsCountsAsTheUsualOne() {
        List<String> asked = new ArrayList<>();
        try (TestRealtime other = TestRealtime.of(() ->
                        Game.open(game -> game.throttle(Throttle.of(TICK).atMostEvery((session, key) -> {
                            asked.add(session.principal().id() + " " + key);
                            throw new IllegalStateException("nobody knows");
                        }))))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 3; i++) {
                other.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                other.settle();
            }
            assertThat(Game.ticks(ann)).containsExactly(0);
            other.advance(Duration.ofMillis(99));
            assertThat(Game.ticks(ann)).containsExactly(0);
            other.advance(Throttle.TICK);
            assertThat(Game.ticks(ann)).containsExactly(0, 2);
            assertThat(asked).as("once for each that left").containsExactly("ann p7", "ann p7");
        }
    }

    @Test
    void noIntervalIsNone() {
        try (TestRealtime other = TestRealtime.of(() -> Game.open(
                        game -> game.throttle(Throttle.of(TICK).atMostEvery((session, key) -> Duration.ZERO))))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 3; i++) {
                other.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                other.settle();
            }
            assertThat(Game.ticks(ann)).containsExactly(0, 1, 2);
        }
    }

    @Test
    void aNodeThatIsClosedSendsWhatWaits() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p7", 1);
        var unused = realtime.realtime().drain(Duration.ofSeconds(1));
        realtime.settle();
        assertThat(Game.ticks(ann)).containsExactly(0, 1);
    }

    @Test
    void eachNodeThrottlesForItsOwnClients() {
        try (TestCluster cluster = TestCluster.of(2, ThrottleTest::game).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient far = cluster.connect(1, "/", "far");
            for (int i = 0; i < 40; i++) {
                cluster.node(0).namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                cluster.settle();
                cluster.advance(Duration.ofMillis(50));
            }
            cluster.advance(Duration.ofSeconds(1));
            assertThat(Game.ticks(ann)).hasSizeBetween(19, 22).endsWith(39);
            assertThat(Game.ticks(far)).hasSizeBetween(5, 7).endsWith(39);
        }
    }

    @Test
    void anAnswerDoesNotWaitForWhatIsThrottled() {
        TestClient ann = realtime.connect("/", "ann");
        tick("p7", 0);
        tick("p7", 1);
        ann.request(ECHO, new Text("hi"));
        assertThat(Game.ticks(ann)).containsExactly(0);
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(Throttle::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Throttle.of(TICK, TICK)).hasMessageContaining("each event once");
        Throttle throttle = Throttle.of(TICK);
        assertThatThrownBy(() -> throttle.atMostEvery(Duration.ZERO))
                .hasMessageContaining("Throttle.atMostEvery must be between 1 ms and 10 s");
        assertThatThrownBy(() -> throttle.most(0)).hasMessageContaining("Throttle.most must be between 1 and 65536");
        assertThat(throttle).hasToString("Throttle[events=[tick], most=1024]");
    }

    @Test
    void aNamespaceWithoutAThrottleIsAsEver() {
        NamespaceSetup[] setup = new NamespaceSetup[1];
        try (TestRealtime other =
                TestRealtime.of(() -> Game.open(game -> setup[0] = game)).start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 3; i++) {
                other.namespace("/").asVolatile().coalesce("p7").emit(TICK, new Number(i));
                other.settle();
            }
            assertThat(Game.ticks(ann)).containsExactly(0, 1, 2);
            assertThatThrownBy(() -> setup[0].throttle(Throttle.of(TICK))).isInstanceOf(IllegalStateException.class);
        }
    }
}
