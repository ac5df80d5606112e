package dev.realtime.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What every {@link Time} must do. Delays are a few milliseconds: a real clock really waits. */
public abstract class TimeContract {
    private static final Duration SHORT = Duration.ofMillis(20);

    /** The clock under test. */
    protected abstract Time time();

    /** Lets at least this much time pass: advances a virtual clock; does nothing where time passes by itself. */
    protected abstract void elapse(Duration time);

    @Test
    void aTimerRunsOnceAndNotEarly() throws Exception {
        long start = time().nanoTime();
        AtomicLong ran = new AtomicLong();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        var unused = time().schedule(SHORT, () -> {
            ran.set(time().nanoTime());
            runs.incrementAndGet();
            done.countDown();
        });
        await(done, SHORT);
        assertThat(ran.get() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        letAnotherTimerPass(SHORT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void timersRunInTheOrderOfTheirMoments() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(3);
        for (int step : List.of(3, 1, 2)) {
            var unused = time().schedule(SHORT.multipliedBy(step), () -> {
                order.add("after " + step);
                done.countDown();
            });
        }
        await(done, SHORT.multipliedBy(3));
        assertThat(order).containsExactly("after 1", "after 2", "after 3");
    }

    @Test
    void aCancelledTimerDoesNotRun() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Time.Timer timer = time().schedule(SHORT, runs::incrementAndGet);
        timer.cancel();
        timer.cancel();
        letAnotherTimerPass(SHORT.multipliedBy(2));
        assertThat(runs).hasValue(0);
    }

    @Test
    void cancellingATimerThatHasRunIsHarmless() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Time.Timer timer = time().schedule(SHORT, done::countDown);
        await(done, SHORT);
        timer.cancel();
        letAnotherTimerPass(SHORT);
    }

    @Test
    void zeroAndLessMeanAsSoonAsPossible() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        var unused = time().schedule(Duration.ZERO, done::countDown);
        var unusedToo = time().schedule(Duration.ofSeconds(-5), done::countDown);
        await(done, Duration.ZERO);
    }

    @Test
    void aTimerMaySetAnother() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        var unused = time().schedule(SHORT, () -> {
            var inner = time().schedule(SHORT, done::countDown);
            assertThat(inner).isNotNull();
        });
        await(done, SHORT.multipliedBy(2));
    }

    @Test
    void aTimerThatThrowsDoesNotStopTheOthers() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        var unused = time().schedule(SHORT, () -> {
            throw new IllegalStateException("thrown on purpose by a timer");
        });
        var unusedToo = time().schedule(SHORT.multipliedBy(2), done::countDown);
        try {
            await(done, SHORT.multipliedBy(2));
        } catch (IllegalStateException reported) {
            await(done, SHORT.multipliedBy(2)); // a virtual clock may report it to whoever advances it
        }
    }

    @Test
    void theClockOfDeadlinesNeverGoesBack() throws Exception {
        long before = time().nanoTime();
        for (int i = 0; i < 1_000; i++) {
            long now = time().nanoTime();
            assertThat(now - before).isGreaterThanOrEqualTo(0);
            before = now;
        }
        letAnotherTimerPass(SHORT);
        assertThat(time().nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void theWallClockMovesWithTheTimers() throws Exception {
        Instant before = time().now();
        letAnotherTimerPass(SHORT);
        assertThat(time().now()).isAfter(before);
    }

    private void letAnotherTimerPass(Duration delay) throws InterruptedException {
        CountDownLatch passed = new CountDownLatch(1);
        var unused = time().schedule(delay, passed::countDown);
        await(passed, delay);
    }

    private void await(CountDownLatch latch, Duration needed) throws InterruptedException {
        elapse(needed);
        assertThat(latch.await(Waiting.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("everything ran")
                .isTrue();
    }
}
