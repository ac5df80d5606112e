package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that are handled once, whatever node they come to. */
class IdempotencyClusterTest {
    record Buy(String id) {}

    record Bought(int number) {}

    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final Request<Buy, Bought> BUY =
            Request.of("buy", Buy.class, Bought.class).idempotentBy(Buy::id);
    private static final Request<Buy, Bought> SLOW =
            Request.of("slow", Buy.class, Bought.class).idempotentBy(Buy::id);
    private static final Request<Buy, Bought> ASKED =
            Request.of("asked", Buy.class, Bought.class).idempotentBy(Buy::id);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private int handled;
    private final List<CompletableFuture<Bought>> slow = new ArrayList<>();

    private RealtimeBuilder game() {
        return Realtime.builder()
                .lease(LEASE)
                .namespace(
                        "/",
                        game -> game.on(BUY, (session, buy) -> new Bought(++handled))
                                .onAsync(SLOW, (session, buy) -> slow())
                                .onAcknowledge(
                                        ASKED,
                                        (session, buy, acknowledgement) -> slow().thenAccept(acknowledgement::give)));
    }

    private CompletableFuture<Bought> slow() {
        CompletableFuture<Bought> later = new CompletableFuture<>();
        slow.add(later);
        return later;
    }

    private long counter(int node, String name) {
        return cluster.node(node).realtime().stats().counters().get(name);
    }

    @Test
    void aRetryOnAnotherNodeGetsTheSameAnswer() {
        TestClient ann = cluster.connect(0, "/", "ann");
        assertThat(ann.request(BUY, new Buy("1"))).isEqualTo(new Bought(1));
        ann.dropConnection();
        ann.reconnect(1);
        assertThat(ann.request(BUY, new Buy("1"))).isEqualTo(new Bought(1));
        assertThat(handled).isEqualTo(1);
    }

    @Test
    void aRetryInTheMiddleWaitsAtAnotherNode() {
        TestReply<Bought> lost = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        TestClient there = cluster.connect(1, "/", "ann");
        TestReply<Bought> retried = there.ask(SLOW, new Buy("1"));
        cluster.advance(LEASE.multipliedBy(4));
        assertThat(retried.isAnswered()).isFalse();
        assertThat(slow).hasSize(1);
        slow.get(0).complete(new Bought(3));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(lost.value()).isEqualTo(new Bought(3));
        assertThat(retried.value()).isEqualTo(new Bought(3));
        assertThat(slow).hasSize(1);
    }

    @Test
    void aSessionThatHasMovedGetsTheAnswerOfItsFormerNode() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.ask(SLOW, new Buy("1"));
        ann.dropConnection();
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        TestReply<Bought> retried = ann.ask(SLOW, new Buy("1"));
        slow.get(0).complete(new Bought(3));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(3));
        assertThat(slow).hasSize(1);
    }

    @Test
    void whatANodeHadBegunThatHasDiedIsHandledAgainAfterTheLease() {
        cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.node(0).kill();
        TestReply<Bought> retried = cluster.connect(1, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.advance(LEASE.minusSeconds(3));
        assertThat(slow).hasSize(1);
        cluster.advance(Duration.ofSeconds(4));
        assertThat(slow).hasSize(2);
        slow.get(1).complete(new Bought(4));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(4));
    }

    @Test
    void aNodeThatHasLostItsClaimTellsWhatTheOtherDid() {
        TestReply<Bought> lost = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.node(0).partition();
        TestReply<Bought> retried = cluster.connect(1, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.advance(LEASE.plusSeconds(2));
        assertThat(slow).hasSize(2);
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(2));
        slow.get(0).complete(new Bought(1));
        cluster.node(0).heal();
        cluster.advance(Duration.ofSeconds(10));
        assertThat(lost.isAnswered()).isFalse(); // its session has moved, as those of every silent node
        assertThat(counter(0, "idempotency.lost")).isEqualTo(1);
        assertThat(cluster.connect(0, "/", "ann").request(SLOW, new Buy("1"))).isEqualTo(new Bought(2));
    }

    @Test
    void aNodeThatHasLostItsClaimWaitsForTheOther() {
        TestReply<Bought> lost = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.node(0).partition();
        TestReply<Bought> retried = cluster.connect(1, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.advance(LEASE.plusSeconds(2));
        cluster.node(0).heal();
        slow.get(0).complete(new Bought(1));
        cluster.advance(Duration.ofSeconds(10));
        TestReply<Bought> again = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(again.isAnswered()).isFalse();
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(2));
        assertThat(lost.isAnswered()).isFalse();
        assertThat(again.value()).isEqualTo(new Bought(2));
        assertThat(retried.value()).isEqualTo(new Bought(2));
    }

    @Test
    void aHandlerThatFailedOnOneNodeRunsOnTheOtherThatWaits() {
        cluster.allowHandlerFailures();
        TestReply<Bought> first = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        TestReply<Bought> second = cluster.connect(1, "/", "ann").ask(SLOW, new Buy("1"));
        slow.get(0).completeExceptionally(new IllegalStateException("out of rope"));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(first.errorCode()).isEqualTo("handler_failed");
        assertThat(slow).hasSize(2);
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(second.value()).isEqualTo(new Bought(2));
    }

    @Test
    void whoeverHasWaitedTooLongIsNotHandledLater() {
        TestReply<Bought> first = cluster.connect(0, "/", "ann").ask(SLOW, new Buy("1"));
        TestReply<Bought> waiting = cluster.connect(1, "/", "ann").ask(SLOW, new Buy("1"));
        cluster.advance(Duration.ofSeconds(70));
        assertThat(first.errorCode()).isEqualTo("timeout");
        assertThat(waiting.errorCode()).isEqualTo("timeout");
        cluster.node(0).kill();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(slow).hasSize(1);
        assertThat(cluster.node(1).realtime().stats().gauges().get("idempotency.pending"))
                .isZero();
    }

    @Test
    void aHandlerThatAcknowledgesByItselfIsTakenOverToo() {
        cluster.connect(0, "/", "ann").ask(ASKED, new Buy("1"));
        TestClient ann = cluster.connect(1, "/", "ann");
        TestReply<Bought> retried = ann.ask(ASKED, new Buy("1"));
        assertThat(ann.request(BUY, new Buy("2"))).isEqualTo(new Bought(1));
        cluster.node(0).kill();
        cluster.advance(LEASE.plusSeconds(2));
        assertThat(slow).hasSize(2);
        slow.get(1).complete(new Bought(5));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(5));
    }

    @Test
    void aSessionThatWasBusyForAWhileHandlesWhatItsTurnIsFor() {
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(20));
        TestReply<Bought> retried = turnOfABusySession();
        cluster.advance(LEASE.dividedBy(2));
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(slow).hasSize(3);
        slow.get(2).complete(new Bought(5));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(5));
        assertThat(pending()).isZero();
    }

    @Test
    void aBusySessionWhoseTurnHasComeHoldsUpNoOther() {
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(20));
        TestReply<Bought> retried = turnOfABusySession();
        TestReply<Bought> another = cluster.connect(1, "/", "ann").ask(ASKED, new Buy("1"));
        cluster.advance(LEASE.plusSeconds(2));
        assertThat(slow).as("handled for the other").hasSize(3);
        slow.get(1).complete(new Bought(2)); // the busy one goes on
        cluster.advance(Duration.ofSeconds(1));
        assertThat(slow).as("once").hasSize(3);
        slow.get(2).complete(new Bought(5));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(5));
        assertThat(another.value()).isEqualTo(new Bought(5));
        assertThat(pending()).isZero();
    }

    @Test
    void aBusySessionIsAnsweredWhatOthersHaveHandledMeanwhile() {
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(20));
        TestReply<Bought> retried = turnOfABusySession();
        TestReply<Bought> another = cluster.connect(1, "/", "ann").ask(ASKED, new Buy("1"));
        cluster.advance(LEASE.plusSeconds(2));
        slow.get(2).complete(new Bought(5));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(another.value()).isEqualTo(new Bought(5));
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(5));
        assertThat(slow).hasSize(3);
        assertThat(pending()).isZero();
    }

    @Test
    void aBusySessionWhoseTurnIsOverIsHandledIfNobodyElseWas() {
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(20));
        TestReply<Bought> retried = turnOfABusySession();
        cluster.advance(LEASE.plusSeconds(2));
        assertThat(pending()).as("the request that keeps it busy").isOne();
        slow.get(1).complete(new Bought(2));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(slow).hasSize(3);
        slow.get(2).complete(new Bought(5));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(retried.value()).isEqualTo(new Bought(5));
        assertThat(pending()).isZero();
    }

    /** A session of node 1 is to handle what node 0 had begun, which has died, and handles something else. */
    private TestReply<Bought> turnOfABusySession() {
        cluster.connect(0, "/", "ann").ask(ASKED, new Buy("1"));
        cluster.advance(Duration.ofSeconds(1));
        TestClient busy = cluster.connect(1, "/", "ann");
        TestReply<Bought> retried = busy.ask(ASKED, new Buy("1"));
        busy.ask(SLOW, new Buy("2"));
        cluster.advance(Duration.ofSeconds(1));
        cluster.node(0).kill();
        cluster.advance(LEASE.plusSeconds(2));
        assertThat(slow).hasSize(2);
        return retried;
    }

    private long pending() {
        return cluster.node(1).realtime().stats().gauges().get("idempotency.pending");
    }

    @Test
    void twoAtTheSameMomentAreHandledOnce() {
        cluster.latency(Duration.ofMillis(1), Duration.ofMillis(20));
        TestClient here = cluster.connect(0, "/", "ann");
        TestClient there = cluster.connect(1, "/", "ann");
        for (int i = 1; i <= 20; i++) {
            TestReply<Bought> one = here.ask(BUY, new Buy("" + i));
            TestReply<Bought> other = there.ask(BUY, new Buy("" + i));
            cluster.advance(Duration.ofSeconds(1));
            assertThat(one.value()).isEqualTo(new Bought(i));
            assertThat(other.value()).isEqualTo(new Bought(i));
        }
    }
}
