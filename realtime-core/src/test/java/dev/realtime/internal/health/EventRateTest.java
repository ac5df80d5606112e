package dev.realtime.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventRateTest {
    private static final long BEGUN = 5_000_000_000L;
    private static final long BEFORE = 70; // events

    private final EventRate rate = new EventRate(BEGUN, BEFORE);

    private long after(Duration time, long events) {
        return rate.perMinute(BEGUN + time.toNanos(), BEFORE + events);
    }

    @Test
    void whatCameInLessThanAMinuteCounts() {
        assertThat(after(Duration.ZERO, 0)).isZero();
        assertThat(after(Duration.ofMillis(10), 3)).isEqualTo(3);
        assertThat(after(Duration.ofSeconds(59), 40)).isEqualTo(40);
    }

    @Test
    void whatIsOlderThanAMinuteDoesNot() {
        for (int second = 1; second <= 180; second++) { // two a second
            after(Duration.ofSeconds(second), 2L * second);
        }
        assertThat(after(Duration.ofSeconds(180), 360)).isEqualTo(120);
        assertThat(after(Duration.ofSeconds(239), 360)).isBetween(1L, 3L);
        assertThat(after(Duration.ofSeconds(240), 360)).isZero();
    }

    @Test
    void whoeverDoesNotLookForLongSeesTheMeanOfThatTime() {
        assertThat(after(Duration.ofMinutes(3), 300)).isEqualTo(100);
        assertThat(after(Duration.ofMinutes(4), 300)).isZero();
    }

    @Test
    void whoeverLooksAllTheTimeSeesTheSame() {
        for (int look = 1; look <= 9_000; look++) { // fifty looks and five events a second, for three minutes
            after(Duration.ofMillis(20L * look), look / 10);
        }
        assertThat(after(Duration.ofMinutes(3), 900)).isBetween(300L, 305L);
        assertThat(after(Duration.ofMinutes(4), 900)).isZero();
    }
}
