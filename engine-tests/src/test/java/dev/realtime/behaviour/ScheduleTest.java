package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.schedule.ScheduleFullException;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.schedule.ScheduledPage;
import dev.realtime.spi.Backend;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An event that is emitted later, once, whatever becomes of the node on which it was scheduled. */
class ScheduleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Event<byte[]> PICTURE = Event.of("picture", byte[].class);

    private static ScheduleOptions options = ScheduleOptions.DEFAULT;

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, ScheduleTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.schedule(options)
                                .onConnect(session -> session.join(
                                        "zone:" + session.principal().id())))
                .namespace("/other", game -> game.schedule(ScheduleOptions.DEFAULT))
                .namespace("/unscheduled", game -> {});
    }

    private Namespace on(int node) {
        return cluster.node(node).namespace("/");
    }

    private ScheduledEvent later(int node, Duration delay, String text) {
        return cluster.await(on(node).emitAfter(delay, SAID, new Text(text)));
    }

    private static List<String> said(TestClient client) {
        return client.received(SAID).stream().map(Text::text).toList();
    }

    private long counter(int node, String name) {
        return cluster.node(node).realtime().stats().counters().get(name);
    }

    @Test
    void howManyWaitIsSeenOnEveryNode() {
        later(0, MINUTE, "hi");
        later(1, MINUTE, "ho");
        cluster.await(cluster.node(1).namespace("/other").emitAfter(MINUTE, SAID, new Text("there")));
        assertThat(List.of(waiting(0), waiting(1))).containsExactly(3L, 3L);
        cluster.advance(Duration.ofMinutes(2));
        assertThat(List.of(waiting(0), waiting(1))).containsExactly(0L, 0L);
    }

    private long waiting(int node) {
        cluster.node(node).realtime().stats(); // asks
        cluster.advance(Duration.ofSeconds(1));
        return cluster.node(node).realtime().stats().gauges().get("schedule.waiting");
    }

    @Test
    void itIsEmittedAtItsTimeAndOnce() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        later(0, MINUTE, "hi");
        cluster.advance(Duration.ofSeconds(59));
        assertThat(said(ann)).isEmpty();
        cluster.advance(Duration.ofMillis(1_010));
        assertThat(said(ann)).containsExactly("hi");
        cluster.advance(Duration.ofHours(2));
        assertThat(said(ann)).containsExactly("hi");
        assertThat(said(bob)).containsExactly("hi");
        assertThat(counter(0, "schedule.emitted") + counter(1, "schedule.emitted"))
                .isOne();
        assertThat(counter(0, "schedule.late") + counter(1, "schedule.late")).isZero();
    }

    @Test
    void aTimeThatIsPastMeansAtOnce() {
        TestClient ann = cluster.connect(0, "/", "ann");
        Instant now = cluster.node(0).realtime().clock().instant();
        cluster.await(on(0).emitAt(now.minusSeconds(10), SAID, new Text("past")));
        cluster.await(on(0).emitAt(now.plusSeconds(10), SAID, new Text("later")));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(said(ann)).containsExactly("past");
        cluster.advance(Duration.ofSeconds(10));
        assertThat(said(ann)).containsExactly("past", "later");
    }

    @Test
    void twoThatAreTheSameAreTwo() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ScheduledEvent one = later(0, MINUTE, "hi");
        ScheduledEvent other = later(0, MINUTE, "hi");
        assertThat(one.id()).isNotEqualTo(other.id());
        cluster.advance(MINUTE.plusSeconds(1));
        assertThat(said(ann)).containsExactly("hi", "hi");
    }

    @Test
    void whoBelongsToTheAudienceThenGetsItAndWhoIsExceptedDoesNot() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.await(on(0).room("zone:red").emitAfter(MINUTE, SAID, new Text("room")));
        cluster.await(on(0).user("bob").emitAfter(MINUTE, SAID, new Text("user")));
        cluster.await(on(0).except("zone:bob").emitAfter(MINUTE, SAID, new Text("except")));
        cluster.await(on(1).session(ann.id()).emitAfter(MINUTE, SAID, new Text("session")));
        cluster.await(on(0).room("zone:bob").join("zone:red"));
        cluster.advance(MINUTE.plusSeconds(1));
        assertThat(said(ann)).containsExactlyInAnyOrder("except", "session");
        assertThat(said(bob)).contains("room");
        assertThat(said(bob)).doesNotContain("except", "session");
    }

    @Test
    void bytesAndEventsWithoutArgumentsComeAsTheyWere() {
        TestClient ann = cluster.connect(0, "/", "ann");
        byte[] picture = {0, 1, -1};
        cluster.await(on(0).emitAfter(MINUTE, PICTURE, picture));
        cluster.await(on(0).emitAfter(MINUTE, Game.PING));
        cluster.advance(MINUTE.plusSeconds(1));
        assertThat(ByteBuffer.wrap(ann.next(PICTURE))).isEqualTo(ByteBuffer.wrap(picture));
        assertThat(ann.has(Game.PING)).isTrue();
    }

    @Test
    void anotherNodeEmitsWhatADeadOneHasScheduled() {
        TestClient bob = cluster.connect(1, "/", "bob");
        later(0, MINUTE, "hi");
        cluster.node(0).kill();
        cluster.advance(MINUTE.plusSeconds(2));
        assertThat(said(bob)).containsExactly("hi");
    }

    @Test
    void aNodeThatDiesWhileItEmitsLosesAndDoublesNothing() {
        for (int operations = 0; operations < 5; operations++) {
            TestClient bob = cluster.connect(1, "/", "bob");
            later(0, MINUTE, "hi");
            cluster.advance(MINUTE.minusMillis(20));
            cluster.node(0).killAfter(operations);
            cluster.advance(Duration.ofMinutes(2));
            assertThat(said(bob)).as("killed after %s calls", operations).containsExactly("hi");
            bob.disconnect();
            if (!cluster.node(0).isRunning()) {
                cluster.node(0).restart();
            }
        }
    }

    @Test
    void whatWasDueWhileNoNodeWasThereIsEmittedLate() {
        later(0, MINUTE, "hi");
        cluster.node(0).kill();
        cluster.node(1).kill();
        cluster.advance(Duration.ofHours(1));
        cluster.node(1).restart();
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.advance(Duration.ofSeconds(2));
        assertThat(said(bob)).containsExactly("hi");
        assertThat(counter(1, "schedule.late")).isOne();
        assertThat(counter(1, "schedule.late.ms"))
                .isBetween(
                        Duration.ofMinutes(58).toMillis(),
                        Duration.ofMinutes(60).toMillis());
    }

    @Test
    void whatIsDueWhileTheBackendIsAwayIsEmittedWhenItIsBack() {
        TestClient ann = cluster.connect(0, "/", "ann");
        later(0, MINUTE, "hi");
        cluster.node(0).partition();
        cluster.node(1).partition();
        cluster.advance(MINUTE.plusSeconds(30));
        assertThat(said(ann)).isEmpty();
        cluster.node(0).heal();
        cluster.node(1).heal();
        cluster.advance(Duration.ofSeconds(30));
        assertThat(cluster.backend().entries("/")).hasSize(1);
    }

    @Test
    void whatIsCancelledIsNotEmitted() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ScheduledEvent event = later(0, MINUTE, "hi");
        assertThat(cluster.await(on(1).schedule().cancel(event.id()))).isTrue();
        assertThat(cluster.await(on(0).schedule().cancel(event.id())))
                .as("again")
                .isTrue();
        cluster.advance(Duration.ofMinutes(2));
        assertThat(said(ann)).isEmpty();
    }

    @Test
    void whatHasBeenEmittedCannotBeCancelledNorWhatNobodyKnows() {
        ScheduledEvent event = later(0, MINUTE, "hi");
        cluster.advance(Duration.ofMinutes(2));
        assertThat(cluster.await(on(0).schedule().cancel(event.id()))).isFalse();
        assertThat(cluster.await(on(0).schedule().cancel("unknown"))).isFalse();
    }

    @Test
    void whatWasNeverToBeEmittedIsNotCancelledHoweverOftenItIsTried() {
        ScheduledEvent elsewhere = cluster.await(
                cluster.node(0).namespace("/other").emitAfter(Duration.ofDays(1), SAID, new Text("elsewhere")));
        ScheduledEvent old = later(0, MINUTE, "hi");
        cluster.advance(Duration.ofMinutes(70));
        for (String id :
                List.of("", "unknown", "x".repeat(1_000_000), "aaaaaaaaaaaaaaaaaaaa", elsewhere.id(), old.id())) {
            for (int i = 0; i < 3; i++) {
                assertThat(cluster.await(on(i % 2).schedule().cancel(id))).isFalse();
            }
        }
        assertThat(cluster.await(cluster.node(1).namespace("/other").schedule().cancel(elsewhere.id())))
                .isTrue();
    }

    @Test
    void whatIsToComeIsListedPageByPage() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.add(later(i % 2, MINUTE.plusSeconds(i), "hi").id());
        }
        ScheduledPage first = cluster.await(on(0).schedule().list(null, 3));
        ScheduledPage second = cluster.await(on(1).schedule().list(first.next().orElseThrow(), 3));
        List<String> listed = new ArrayList<>();
        first.events().forEach(event -> listed.add(event.id()));
        second.events().forEach(event -> listed.add(event.id()));
        assertThat(listed).isEqualTo(expected);
        assertThat(second.next()).isEmpty();
        assertThat(first.events().get(0).event()).isEqualTo("said");
        assertThat(first.events().get(0).due()).isBefore(first.events().get(1).due());
    }

    @Test
    void manyThatAreDueAtOnceComeInTheirOrder() {
        TestClient ann = cluster.connect(0, "/", "ann");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            later(0, MINUTE, String.valueOf(i));
            expected.add(String.valueOf(i));
        }
        cluster.advance(MINUTE.plusSeconds(1));
        assertThat(said(ann)).isEqualTo(expected);
        assertThat(cluster.await(on(0).schedule().list(null, 10)).events()).isEmpty();
    }

    @Test
    void aFullScheduleSaysSo() {
        options = ScheduleOptions.DEFAULT.maxEvents(2);
        try {
            cluster.node(0).kill();
            cluster.node(0).restart();
            later(0, MINUTE, "1");
            later(0, MINUTE, "2");
            assertThat(cluster.failure(on(0).emitAfter(MINUTE, SAID, new Text("3"))))
                    .isInstanceOf(ScheduleFullException.class)
                    .hasMessageContaining("the schedule of / is full: it holds at most 2 events");
            assertThat(counter(0, "schedule.refused")).isOne();
        } finally {
            options = ScheduleOptions.DEFAULT;
        }
    }

    @Test
    void whatCannotBeScheduledIsRefusedAtOnce() {
        Namespace game = on(0);
        assertThatThrownBy(() -> game.emitAfter(Duration.ofSeconds(-1), SAID, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delay must be between 0 s and PT720H");
        assertThatThrownBy(() -> game.emitAfter(Duration.ofDays(31), SAID, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ScheduleOptions.longestDelay");
        assertThatThrownBy(() -> game.local().emitAfter(MINUTE, SAID, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave out local()");
        assertThatThrownBy(() -> game.schedule().list(null, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 1 and 1000");
        Namespace off = cluster.node(0).namespace("/unscheduled");
        assertThatThrownBy(() -> off.emitAfter(MINUTE, SAID, new Text("")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the schedule is off in /unscheduled; NamespaceSetup.schedule switches it on");
        assertThatThrownBy(off::schedule).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEngineWithoutQueuesIsNotBuilt() {
        Backend poor = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("queues")) {
                        throw new UnsupportedOperationException("none");
                    }
                    return null;
                });
        RealtimeBuilder scheduled =
                Realtime.builder().backend(poor).namespace("/", game -> game.schedule(ScheduleOptions.DEFAULT));
        assertThatThrownBy(scheduled::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schedule must be used with a backend that has queues");
        RealtimeBuilder family = Realtime.builder()
                .namespaces(name -> name.startsWith("/game-"), game -> game.schedule(ScheduleOptions.DEFAULT));
        assertThatThrownBy(family::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a namespace that has a name of its own");
    }
}
