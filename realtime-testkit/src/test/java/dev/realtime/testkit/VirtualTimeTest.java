package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.Time;
import dev.realtime.testkit.contract.TimeContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest extends TimeContract {
    private final VirtualTime time = VirtualTime.create();

    @Override
    protected Time time() {
        return time;
    }

    @Override
    protected void elapse(Duration duration) {
        time.advance(duration);
    }

    @Test
    void tasksOfTheExecutorRunBetweenTwoTimersOfTheSameMoment() {
        VirtualExecutor executor = new VirtualExecutor(time);
        List<String> order = new ArrayList<>();
        time.schedule(Duration.ofSeconds(1), () -> executor.execute(() -> order.add("task")));
        time.schedule(Duration.ofSeconds(1), () -> order.add("timer"));
        time.advance(Duration.ofSeconds(1));
        assertThat(order).containsExactly("task", "timer");
    }

    @Test
    void aTimerSetWhileTimePassesRunsWithinTheSameAdvance() {
        List<Instant> moments = new ArrayList<>();
        Instant start = time.now();
        time.schedule(Duration.ofSeconds(1), () -> time.schedule(Duration.ofSeconds(1), () -> moments.add(time.now())));
        time.advance(Duration.ofSeconds(5));
        assertThat(moments).containsExactly(start.plusSeconds(2));
        assertThat(time.now()).isEqualTo(start.plusSeconds(5));
    }

    @Test
    void theWallClockMayJumpWithoutAnyTimerNoticing() {
        List<String> ran = new ArrayList<>();
        time.schedule(Duration.ofMinutes(1), () -> ran.add("timer"));
        long nanos = time.nanoTime();
        time.jumpWallClock(Duration.ofDays(3));
        time.settle();
        assertThat(ran).isEmpty();
        assertThat(time.nanoTime()).isEqualTo(nanos);
        time.jumpWallClock(Duration.ofDays(-6));
        time.advance(Duration.ofMinutes(1));
        assertThat(ran).containsExactly("timer");
    }

    @Test
    void theNanoClockOverflowsOnTheWay() {
        long before = time.nanoTime();
        time.advance(Duration.ofHours(1));
        assertThat(time.nanoTime()).isLessThan(before);
        assertThat(time.nanoTime() - before).isEqualTo(Duration.ofHours(1).toNanos());
    }

    @Test
    void aTimerCannotAdvanceTime() {
        time.schedule(Duration.ZERO, () -> time.advance(Duration.ofSeconds(1)));
        assertThatThrownBy(time::settle).isInstanceOf(IllegalStateException.class);
    }
}
