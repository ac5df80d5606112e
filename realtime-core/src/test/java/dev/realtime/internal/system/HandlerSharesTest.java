package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What one address may have running at once. Deterministic, but for the one with threads. */
class HandlerSharesTest {
    private static final int PATIENCE_SECONDS = 30;

    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final AtomicInteger waited = new AtomicInteger();
    private final HandlerShares shares =
            new HandlerShares(threads::add, threads::add, 2, 3, 100, waited::incrementAndGet);
    private final HandlerShares.Share share = shares.hold("203.0.113.1");

    private void runAll() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void furtherTasksWaitInTheirOrder() {
        for (int i = 0; i < 5; i++) {
            String name = "task " + i;
            assertThat(share.admit(() -> ran.add(name))).isEqualTo(i >= 2);
        }
        assertThat(threads).hasSize(2);
        assertThat(waited).hasValue(3);
        threads.remove().run();
        assertThat(threads).as("the next has taken its place").hasSize(2);
        runAll();
        assertThat(ran).containsExactly("task 0", "task 1", "task 2", "task 3", "task 4");
    }

    @Test
    void sessionsTakeTurnsWithClientsOnTheirWayIn() {
        for (int i = 0; i < 6; i++) {
            share.admit(() -> ran.add("newcomer"));
        }
        share.execute(() -> ran.add("session 1"));
        share.execute(() -> ran.add("session 2"));
        runAll();
        assertThat(ran)
                .containsExactly(
                        "newcomer",
                        "newcomer",
                        "session 1",
                        "newcomer",
                        "session 2",
                        "newcomer",
                        "newcomer",
                        "newcomer");
    }

    @Test
    void othersPassBy() {
        for (int i = 0; i < 300; i++) {
            share.execute(() -> ran.add("many"));
        }
        shares.hold("198.51.100.1").execute(() -> ran.add("other"));
        assertThat(threads).hasSize(3);
        for (int i = 0; i < 3; i++) {
            threads.remove().run();
        }
        assertThat(ran).containsExactly("many", "many", "other");
    }

    @Test
    void answersHaveALineOfTheirOwn() {
        for (int i = 0; i < 3; i++) {
            share.execute(() -> ran.add("asks and waits"));
        }
        threads.clear(); // those that run wait for an answer
        share.answers().execute(() -> ran.add("answer"));
        runAll();
        assertThat(ran).containsExactly("answer");
    }

    @Test
    void aTaskThatFailsGivesItsTurnBack() {
        for (int i = 0; i < 4; i++) {
            share.execute(() -> {
                ran.add("failed");
                throw new IllegalStateException("a failed task");
            });
        }
        while (!threads.isEmpty()) {
            try {
                threads.remove().run();
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("a failed task");
            }
        }
        assertThat(ran).hasSize(4);
    }

    @Test
    void placesAreBoundedInNumberAndBytes() {
        assertThat(share.takePlace(40)).isTrue();
        assertThat(share.takePlace(40)).isTrue();
        assertThat(share.takePlace(40)).as("bytes").isFalse();
        assertThat(share.takePlace(20)).isTrue();
        assertThat(share.takePlace(0)).as("number").isFalse();
        share.leavePlace(40);
        assertThat(share.takePlace(40)).isTrue();
    }

    @Test
    void aShareLastsAsLongAsAnythingOfItRuns() {
        share.execute(() -> ran.add("one"));
        share.release();
        assertThat(shares.hold("203.0.113.1")).as("a reconnect").isSameAs(share);
        share.release();
        runAll();
        assertThat(shares.size()).isZero();
    }

    @Test
    void whoStillHoldsAForgottenShareUsesTheAddressesNewOne() {
        share.release();
        assertThat(shares.size()).isZero();
        HandlerShares.Share now = shares.hold("203.0.113.1");
        now.execute(() -> ran.add("one"));
        assertThat(share.admit(() -> ran.add("two"))).isFalse();
        assertThat(share.admit(() -> ran.add("three"))).isTrue();
        share.answers().execute(() -> ran.add("answer"));
        assertThat(threads).hasSize(3);
        now.release();
        runAll();
        assertThat(ran).containsExactlyInAnyOrder("one", "two", "three", "answer");
        share.execute(() -> ran.add("four"));
        runAll();
        assertThat(ran).endsWith("four");
        assertThat(shares.size()).isZero();
    }

    @Test
    void threeHundredThatBlockDoNotTakeAllThreads() throws Exception {
        Workers workers = Workers.start(128);
        HandlerShares real = new HandlerShares(workers.handlers(), workers.newcomers(), 64, 1_000, 1_000_000, () -> {});
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(64);
        CountDownLatch done = new CountDownLatch(300);
        CountDownLatch others = new CountDownLatch(100);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try {
            HandlerShares.Share one = real.hold("203.0.113.1");
            for (int i = 0; i < 300; i++) {
                one.execute(() -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    blocked.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    atOnce.decrementAndGet();
                    done.countDown();
                });
            }
            assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            HandlerShares.Share other = real.hold("198.51.100.1");
            for (int i = 0; i < 100; i++) {
                other.execute(others::countDown);
            }
            assertThat(others.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            end.countDown();
            assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValue(64);
        } finally {
            end.countDown();
            workers.close();
        }
    }
}
