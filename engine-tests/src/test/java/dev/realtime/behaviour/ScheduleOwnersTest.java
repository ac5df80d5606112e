package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.schedule.ScheduleFullException;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.spi.Queues;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients schedule counts for each user: nobody fills the schedule of all. */
class ScheduleOwnersTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Request<Text, Text> REMIND = Request.of("remind", Text.class, Text.class);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, ScheduleOwnersTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.schedule(
                                        ScheduleOptions.DEFAULT.maxEvents(5).maxEventsPerUser(3))
                                .onAsync(
                                        REMIND,
                                        (session, text) -> session.namespace()
                                                .user(session.principal().id())
                                                .from(session)
                                                .emitAfter(HOUR, SAID, text)
                                                .thenApply(event -> new Text(event.id()))));
    }

    private TestClient connect(int node, String user) {
        return cluster.connect(node, "/", user);
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private ScheduledEvent schedule(int node, TestClient client, Duration delay) {
        return cluster.await(
                cluster.node(node).namespace("/").from(session(node, client)).emitAfter(delay, SAID, new Text("hi")));
    }

    private Throwable refused(int node, TestClient client) {
        return cluster.failure(
                cluster.node(node).namespace("/").from(session(node, client)).emitAfter(HOUR, SAID, new Text("hi")));
    }

    private static void isTooMuch(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        EventRefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("too_many_scheduled"));
    }

    @Test
    void oneUserLeavesRoomForOthers() {
        TestClient eve = connect(0, "eve");
        TestClient again = connect(1, "eve");
        TestClient ann = connect(1, "ann");
        schedule(0, eve, HOUR);
        schedule(1, again, HOUR);
        schedule(0, eve, HOUR);
        isTooMuch(refused(1, again));
        isTooMuch(refused(0, eve));
        schedule(1, ann, HOUR);
    }

    @Test
    void theClientIsToldWhy() {
        TestClient eve = connect(0, "eve");
        for (int i = 0; i < 3; i++) {
            eve.request(REMIND, new Text("hi"));
        }
        assertThat(eve.ask(REMIND, new Text("hi")).errorCode()).isEqualTo("too_many_scheduled");
    }

    @Test
    void whatHasBeenEmittedOrCancelledCountsNoLonger() {
        TestClient eve = connect(0, "eve");
        schedule(0, eve, Duration.ofMinutes(1));
        ScheduledEvent second = schedule(0, eve, HOUR);
        schedule(0, eve, HOUR);
        cluster.advance(Duration.ofMinutes(2));
        schedule(0, eve, HOUR);
        isTooMuch(refused(0, eve));
        assertThat(cluster.await(cluster.node(1).namespace("/").schedule().cancel(second.id())))
                .isTrue();
        cluster.settle();
        schedule(0, eve, HOUR);
        isTooMuch(refused(0, eve));
    }

    @Test
    void whatTheGameSchedulesIsNobodys() {
        List<ScheduledEvent> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(cluster.await(cluster.node(0).namespace("/").emitAfter(HOUR, SAID, new Text("hi"))));
        }
        assertThat(all).hasSize(5);
    }

    @Test
    void whoFindsTheScheduleFullHasHisPlaceBack() {
        TestClient eve = connect(0, "eve");
        for (int i = 0; i < 5; i++) {
            cluster.await(cluster.node(0).namespace("/").emitAfter(Duration.ofMinutes(1), SAID, new Text("hi")));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(refused(0, eve)).isInstanceOf(ScheduleFullException.class);
            cluster.settle();
        }
        cluster.advance(Duration.ofMinutes(2));
        for (int i = 0; i < 3; i++) {
            schedule(0, eve, HOUR);
        }
        isTooMuch(refused(0, eve));
    }

    @Test
    void whatANodeThatWasKilledHasLeftBehindCountsNoLonger() {
        TestClient eve = connect(0, "eve");
        for (int i = 0; i < 3; i++) {
            cluster.await(cluster.node(1)
                    .backend()
                    .queues()
                    .put(
                            "schedule.of:1:/:u:eve",
                            new Queues.Item("lost" + i, 0, "1", Duration.ZERO, Duration.ofDays(30)),
                            new Queues.Bounds(3, 100, false)));
        }
        isTooMuch(refused(0, eve)); // it may be on its way
        cluster.advance(Duration.ofMinutes(2));
        schedule(0, eve, HOUR);
    }
}
