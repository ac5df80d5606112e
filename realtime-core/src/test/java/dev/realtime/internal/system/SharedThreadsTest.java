package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deterministic: the threads are what the test runs. */
class SharedThreadsTest {
    private final ArrayDeque<Runnable> called = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final SharedThreads executor = new SharedThreads(called::add, task -> {}, false, 2);

    @Test
    void oneThreadIsOnItsWayAtATime() {
        for (int i = 0; i < 5; i++) {
            executor.execute(() -> ran.add("task"));
        }
        assertThat(called).hasSize(1);
        called.remove().run();
        assertThat(ran).hasSize(5);
        assertThat(called).hasSize(1); // the second was called when the first had come, and finds nothing
        called.remove().run();
        assertThat(called).isEmpty();
    }

    @Test
    void aTaskThatBlocksLeavesTheOthersToTheNextThread() {
        executor.execute(() -> {
            ran.add("blocks");
            called.remove().run(); // another thread, while this one blocks
            ran.add("goes on");
        });
        executor.execute(() -> ran.add("other"));
        called.remove().run();
        assertThat(ran).containsExactly("blocks", "other", "goes on");
    }

    @Test
    void whatIsAddedByATaskRunsToo() {
        executor.execute(() -> executor.execute(() -> ran.add("inner")));
        while (!called.isEmpty()) {
            called.remove().run();
        }
        assertThat(ran).containsExactly("inner");
    }

    @Test
    void theWorkOfTheEngineGoesFirstAndHandlersLeaveItThreads() {
        for (int i = 0; i < 3; i++) {
            executor.executeHandler(() -> {
                ran.add("handler");
                while (!called.isEmpty()) {
                    called.remove().run(); // other threads, while this one blocks
                }
            });
        }
        executor.execute(() -> ran.add("own"));
        called.remove().run();
        assertThat(ran).containsExactly("own", "handler", "handler", "handler");
        assertThat(called).isEmpty();
    }

    @Test
    void handlersOfSessionsTakeTurnsWithWhatLetsClientsIn() {
        for (int i = 0; i < 4; i++) {
            executor.executeNewcomer(() -> ran.add("newcomer"));
        }
        executor.executeHandler(() -> ran.add("session 1"));
        executor.executeHandler(() -> ran.add("session 2"));
        called.remove().run();
        assertThat(ran).containsExactly("session 1", "newcomer", "session 2", "newcomer", "newcomer", "newcomer");
    }

    @Test
    void aTaskThatLeavesItsThreadInterruptedDoesNotInterruptTheNext() {
        executor.executeHandler(() -> Thread.currentThread().interrupt());
        executor.executeHandler(
                () -> ran.add("interrupted: " + Thread.currentThread().isInterrupted()));
        called.remove().run();
        assertThat(ran).containsExactly("interrupted: false");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whereThreadsArePlentyEachHandlerHasItsOwnOnceThoseOfThePoolAreOccupied() {
        ArrayDeque<Runnable> further = new ArrayDeque<>();
        SharedThreads plenty = new SharedThreads(called::add, further::add, true, 2);
        for (int i = 0; i < 5; i++) {
            plenty.executeHandler(() -> {
                ran.add("begins");
                while (!called.isEmpty()) {
                    called.remove().run(); // other threads, while this one blocks
                }
                if (ran.size() == 2) {
                    assertThat(further).hasSize(3);
                    plenty.executeHandler(() -> ran.add("late"));
                    plenty.execute(() -> ran.add("own"));
                    assertThat(further).hasSize(4);
                    called.remove().run();
                }
                ran.add("ends");
            });
        }
        assertThat(further).isEmpty();
        called.remove().run();
        assertThat(ran).containsExactly("begins", "begins", "own", "ends", "ends");
        further.forEach(Runnable::run);
        assertThat(ran).filteredOn("begins"::equals).hasSize(5);
        assertThat(ran).contains("late");
    }

    @Test
    void aPoolThatRefusesLeavesTheNextOneACall() {
        List<Runnable> accepted = new ArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        SharedThreads refusing = new SharedThreads(
                work -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new RejectedExecutionException("ended");
                    }
                    accepted.add(work);
                },
                task -> {},
                false,
                1);
        assertThatThrownBy(() -> refusing.execute(() -> ran.add("one"))).isInstanceOf(RejectedExecutionException.class);
        refusing.execute(() -> ran.add("two"));
        accepted.get(0).run();
        assertThat(ran).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noTaskIsForgottenWhoeverComesAndGoesMeanwhile(boolean plenty) throws InterruptedException {
        int tasks = 200_000;
        CountDownLatch done = new CountDownLatch(2 * tasks);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            SharedThreads real = new SharedThreads(pool, pool, plenty, 2);
            Runnable adds = () -> {
                for (int i = 0; i < tasks; i++) {
                    if (i % 2 == 0) {
                        real.execute(done::countDown);
                    } else {
                        real.executeHandler(done::countDown);
                    }
                    if (i % 64 == 0) {
                        Thread.onSpinWait();
                    }
                }
            };
            Thread one = new Thread(adds);
            Thread other = new Thread(adds);
            one.start();
            other.start();
            one.join();
            other.join();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }
}
