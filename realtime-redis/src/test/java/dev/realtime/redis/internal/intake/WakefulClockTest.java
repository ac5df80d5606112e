package dev.realtime.redis.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A clock that does not sleep. */
class WakefulClockTest {
    private long nanos = 5;
    private long millis = 1_000;
    private final WakefulClock clock = new WakefulClock(() -> nanos, () -> millis);

    private long seconds(long monotonic, long wall) {
        long before = clock.getAsLong();
        nanos += TimeUnit.SECONDS.toNanos(monotonic);
        millis += TimeUnit.SECONDS.toMillis(wall);
        return TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong() - before);
    }

    @Test
    void itGoesAsTheMonotonicClockDoes() {
        assertThat(seconds(7, 7)).isEqualTo(7);
    }

    @Test
    void itHasGoneOnWhenTheMachineWakesUp() {
        assertThat(seconds(2, 60)).isEqualTo(60);
        assertThat(seconds(3, 3)).isEqualTo(3);
    }

    @Test
    void itDoesNotGoBackWithTheWallClock() {
        assertThat(seconds(2, -60)).isEqualTo(2);
        assertThat(seconds(2, 2)).isEqualTo(2);
    }

    @Test
    void aWallClockThatIsPutRightInSmallStepsIsNotFollowed() {
        for (int i = 0; i < 1_000; i++) {
            nanos += TimeUnit.SECONDS.toNanos(1);
            millis += 1_500;
            clock.getAsLong();
        }
        assertThat(clock.getAsLong()).isEqualTo(5 + TimeUnit.SECONDS.toNanos(1_000));
    }
}
