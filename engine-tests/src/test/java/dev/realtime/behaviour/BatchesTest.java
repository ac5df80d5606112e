package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.MOVED;
import static dev.realtime.behaviour.Game.PING;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.batches.Batches;
import dev.realtime.batches.EventBatch;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Point;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events of chosen contracts arrive together, in the order in which they would have arrived alone. */
class BatchesTest {
    private static final Duration TICKS = Duration.ofMillis(50);
    private static final Request<Number, Number> COUNT = Request.of("count", Number.class, Number.class);
    private static final Event<byte[]> IMAGE = Event.of("image", byte[].class);
    private static final Event<Number> BRIEF = Event.of("brief", Number.class).expiresAfter(Duration.ofMillis(20));

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(BatchesTest::game);

    private static RealtimeBuilder game() {
        return Game.open(game -> game.batches(Batches.of(TICK, MOVED, PING, IMAGE, BRIEF)
                        .within(TICKS)
                        .most(10))
                .on(COUNT, (session, number) -> {
                    for (int i = 0; i < number.value(); i++) {
                        session.emit(TICK, new Number(i));
                    }
                    return number;
                }));
    }

    private void ticks(int from, int through) {
        for (int i = from; i < through; i++) {
            realtime.namespace("/").emit(TICK, new Number(i));
        }
        realtime.settle();
    }

    private void tick() {
        realtime.advance(TICKS);
    }

    /** What a client has received, batches taken apart: of a number itself, of anything else its name. */
    static List<String> unpacked(TestClient client) {
        List<String> all = new ArrayList<>();
        for (ReceivedEvent event : client.received()) {
            if (event.name().equals("batch:events")) {
                JsonNode groups = event.arguments().get(0).path("events");
                for (JsonNode group : groups) {
                    assertThat(group.path("data")).hasSize(group.path("count").asInt());
                    group.path("data")
                            .forEach(data -> all.add(text(group.path("type").asText(), data)));
                }
            } else {
                all.add(text(
                        event.name(),
                        event.arguments().isEmpty() ? null : event.arguments().get(0)));
            }
        }
        return all;
    }

    private static String text(String name, JsonNode data) {
        return data != null && data.has("value") ? data.path("value").asText() : name;
    }

    private static List<String> numbers(int from, int through) {
        return IntStream.range(from, through).mapToObj(Integer::toString).toList();
    }

    private static int batches(TestClient client) {
        return (int) client.received().stream()
                .filter(event -> event.name().equals("batch:events"))
                .count();
    }

    @Test
    void whatCameWithinATickArrivesAtItsEndAsOneEvent() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 3);
        assertThat(ann.received()).isEmpty();
        realtime.advance(TICKS.minusMillis(1));
        ticks(3, 5);
        assertThat(ann.received()).isEmpty();
        realtime.advance(Duration.ofMillis(1));
        assertThat(batches(ann)).isEqualTo(1);
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 5));
        tick();
        assertThat(batches(ann)).as("nothing more").isEqualTo(1);
    }

    @Test
    void aBatchSaysOfWhichKindItsEventsAreAndWhenTheLastOfThemCame() {
        TestClient ann = realtime.connect("/", "ann");
        long before = realtime.time().now().toEpochMilli();
        realtime.namespace("/").emit(MOVED, new Point(3, 4));
        realtime.namespace("/").emit(MOVED, new Point(5, 6));
        realtime.namespace("/").emit(PING);
        realtime.namespace("/").emit(TICK, new Number(7));
        realtime.namespace("/").emit(MOVED, new Point(8, 9));
        tick();
        ReceivedEvent event = ann.received().get(0);
        assertThat(event.arguments().get(0).path("events").toString())
                .isEqualTo("[{\"type\":\"moved\",\"count\":2,\"data\":[[3,4],[5,6]]},"
                        + "{\"type\":\"knock\",\"count\":1,\"data\":[[]]},"
                        + "{\"type\":\"tick\",\"count\":1,\"data\":[{\"value\":7}]},"
                        + "{\"type\":\"moved\",\"count\":1,\"data\":[[8,9]]}]");
        EventBatch batch = ann.next(EventBatch.EVENT);
        assertThat(batch.timestamp()).isBetween(before, before + TICKS.toMillis());
        assertThat(batch.events())
                .extracting(EventBatch.Group::type)
                .containsExactly("moved", "knock", "tick", "moved");
        assertThat(batch.events().get(0).data()).isEqualTo(List.of(List.of(3, 4), List.of(5, 6)));
    }

    @Test
    void anEventThatExpiresIsNotKeptForLongerThanHalfOfItsLife() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 1);
        realtime.advance(Duration.ofMillis(5));
        realtime.namespace("/").emit(BRIEF, new Number(1));
        ticks(2, 3);
        realtime.advance(Duration.ofMillis(9));
        assertThat(ann.received()).isEmpty();
        realtime.advance(Duration.ofMillis(1));
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
        assertThat(batches(ann)).isEqualTo(1);
        ticks(3, 4);
        realtime.advance(TICKS.minusMillis(1));
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
        realtime.advance(Duration.ofMillis(1));
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 4));
    }

    @Test
    void aFullBatchLeavesAtOnce() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 25; i++) {
            ticks(i, i + 1);
        }
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 20));
        assertThat(batches(ann)).isEqualTo(2);
        tick();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 25));
    }

    @Test
    void oneOfTooManyBytesLeavesAtOnceToo() {
        try (TestRealtime other = TestRealtime.of(() -> Game.open(game -> game.batches(Batches.of(SAID))))
                .start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 3; i++) {
                other.namespace("/").emit(SAID, new Text("x".repeat(30_000)));
            }
            other.settle();
            assertThat(batches(ann)).isEqualTo(2);
            assertThat(unpacked(ann)).hasSize(3);
        }
    }

    @Test
    void anyOtherEventLeavesAtOnceBehindWhatWaits() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 2);
        realtime.namespace("/").emit(SAID, new Text("now"));
        realtime.settle();
        assertThat(unpacked(ann)).containsExactly("0", "1", "said");
        ticks(2, 3);
        realtime.namespace("/").asVolatile().emit(SAID, new Text("now"));
        realtime.settle();
        assertThat(unpacked(ann)).containsExactly("0", "1", "said", "2", "said");
    }

    @Test
    void anEventOfABatchedContractThatMayBeLostIsNotBatched() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 1);
        realtime.namespace("/").asVolatile().emit(TICK, new Number(1));
        realtime.settle();
        assertThat(unpacked(ann)).containsExactly("0", "1");
        assertThat(Game.ticks(ann)).containsExactly(1);
    }

    @Test
    void anEventWithBinaryDataIsNotBatchedAndKeepsItsPlace() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 1);
        realtime.namespace("/").emit(IMAGE, new byte[] {1, 2});
        realtime.settle();
        ticks(1, 2);
        assertThat(unpacked(ann)).containsExactly("0", "image");
        tick();
        assertThat(unpacked(ann)).containsExactly("0", "image", "1");
    }

    @Test
    void anEventThatDoesNotFitItsContractKeepsItsNameAndItsPlace() {
        TestClient ann = realtime.connect("/", "ann");
        Event<Point> other = Event.ofArguments("tick", Point.class);
        ticks(0, 1);
        realtime.namespace("/").emit(other, new Point(1, 2));
        realtime.settle();
        assertThat(unpacked(ann)).containsExactly("0", "tick");
    }

    @Test
    void anAnswerComesBehindWhatItsHandlerEmitted() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Number> reply = ann.ask(COUNT, new Number(3));
        realtime.settle();
        assertThat(reply.value()).isEqualTo(new Number(3));
        assertThat(unpacked(ann)).as("without a tick").isEqualTo(numbers(0, 3));
    }

    @Test
    void anyAnswerTakesWhatWaitsAlong() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 2);
        ann.request(ECHO, new Text("hi"));
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 2));
    }

    @Test
    void lastWordsComeBeforeTheGoodbye() {
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        ticks(0, 2);
        session.emit(TICK, new Number(2));
        session.disconnect();
        realtime.settle();
        assertThat(ann.isConnected()).isFalse();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
    }

    @Test
    void aBatchThatWaitsWhenTheConnectionDropsComesWithTheReplay() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 2);
        tick();
        ticks(2, 4);
        ann.dropConnection();
        ticks(4, 6);
        tick();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 6));
        assertThat(ann.received()).allMatch(event -> event.name().equals("batch:events"));
        assertThat(batches(ann)).isEqualTo(2);
    }

    @Test
    void theOffsetOfABatchIsThatOfItsLastEvent() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 2);
        String last = realtime.await(realtime.namespace("/").emit(TICK, new Number(2)))
                .toString();
        tick();
        assertThat(ann.lastOffset()).contains(last);
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
    }

    @Test
    void aPingThatFindsABatchWaitingDoesNotConfirmMoreThanTheClientHas() {
        TestClient ann = realtime.connect("/", "ann");
        ann.request(JOIN, new Game.Room("tavern"));
        for (int i = 0; i < 200; i++) {
            realtime.namespace("/").room(ZONE.of("tavern")).emit(TICK, new Number(i));
            realtime.advance(Duration.ofMillis(333));
        }
        Game.session(realtime, ann).leave(ZONE.of("tavern"));
        ann.dropConnection();
        ann.reconnect();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 200));
    }

    @Test
    void pollingClientsGetTheSame() {
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        ticks(0, 3);
        assertThat(ann.received()).isEmpty();
        tick();
        assertThat(batches(ann)).isEqualTo(1);
        ticks(3, 5);
        realtime.namespace("/").emit(SAID, new Text("now"));
        realtime.settle();
        assertThat(unpacked(ann)).containsExactly("0", "1", "2", "3", "4", "said");
    }

    @Test
    void clientsWithoutRecoveryGetTheSameWithoutOffsets() {
        try (TestRealtime other =
                TestRealtime.of(() -> game().recovery(Recovery.off())).start()) {
            TestClient ann = other.connect("/", "ann");
            for (int i = 0; i < 3; i++) {
                other.namespace("/").emit(TICK, new Number(i));
            }
            other.advance(TICKS);
            assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
            assertThat(ann.received().get(0).offset()).isNull();
            assertThat(ann.received().get(0).arguments()).hasSize(1);
        }
    }

    @Test
    void aClientThatDoesNotReadGetsAllOfItInBatchesThatAreNoLarger() {
        TestClient ann = realtime.connect("/", "ann");
        ann.stall();
        for (int i = 0; i < 40; i++) {
            ticks(i, i + 1);
        }
        ann.resume();
        tick();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 40));
        assertThat(batches(ann)).isLessThanOrEqualTo(6);
        assertThat(ann.received())
                .allSatisfy(event -> assertThat(event.arguments()
                                .get(0)
                                .path("events")
                                .get(0)
                                .path("count")
                                .asInt())
                        .isLessThanOrEqualTo(10));
    }

    @Test
    void membersOfDifferentRoomsHaveDifferentBatches() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        TestClient eve = realtime.connect("/", "eve");
        eve.request(JOIN, new Game.Room("tavern"));
        ticks(0, 2);
        realtime.namespace("/").room(ZONE.of("tavern")).emit(TICK, new Number(2));
        ticks(3, 4);
        tick();
        assertThat(unpacked(ann)).containsExactly("0", "1", "3");
        assertThat(unpacked(bob)).containsExactly("0", "1", "3");
        assertThat(unpacked(eve)).containsExactly("0", "1", "2", "3");
    }

    @Test
    void aNodeThatIsClosedSendsWhatWaits() {
        TestClient ann = realtime.connect("/", "ann");
        ticks(0, 3);
        var unused = realtime.realtime().drain(Duration.ofSeconds(1));
        realtime.settle();
        assertThat(unpacked(ann)).isEqualTo(numbers(0, 3));
    }

    @Test
    void clientsOfTwoNodesGetTheSameBatchesAndGoOnAtTheOther() {
        try (TestCluster cluster = TestCluster.of(2, BatchesTest::game).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient bob = cluster.connect(1, "/", "bob");
            for (int i = 0; i < 5; i++) {
                cluster.node(i % 2).namespace("/").emit(TICK, new Number(i));
                cluster.settle();
            }
            cluster.advance(TICKS.plusMillis(20));
            assertThat(unpacked(ann)).isEqualTo(numbers(0, 5)).isEqualTo(unpacked(bob));
            cluster.node(0).namespace("/").emit(TICK, new Number(5));
            cluster.settle();
            ann.dropConnection();
            ann.reconnect(1);
            assertThat(ann.recovered()).isTrue();
            cluster.advance(TICKS);
            assertThat(unpacked(ann)).isEqualTo(numbers(0, 6)).isEqualTo(unpacked(bob));
        }
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(Batches::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batches.of(TICK, TICK)).hasMessageContaining("each event once");
        Batches batches = Batches.of(TICK);
        assertThatThrownBy(() -> batches.most(1)).hasMessageContaining("Batches.most must be between 2 and 1024");
        assertThatThrownBy(() -> batches.within(Duration.ZERO)).hasMessageContaining("Batches.within");
        assertThatThrownBy(() -> batches.name("tick")).hasMessageContaining("Batches.name");
        assertThat(batches.name("many").name()).isEqualTo("many");
        assertThat(batches).hasToString("Batches[events=[tick], within=PT0.05S, most=64, name=batch:events]");
    }
}
