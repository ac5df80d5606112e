package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeavyWorkTest {
    private static final String MALLORY = "203.0.113.7";
    private static final String ANN = "198.51.100.1";

    private int rests;
    private long now = Long.MAX_VALUE - 5; // of a clock that runs over
    private final HeavyWork work = new HeavyWork(() -> now, () -> rests++);

    private boolean takes(String address, long millis) {
        long since = work.begin();
        now += Duration.ofMillis(millis).toNanos();
        return work.done(address, since);
    }

    @Test
    void whatTakesLessThanAMillisecondIsNotCounted() {
        long since = work.begin();
        now += 999_999;
        assertThat(work.done(MALLORY, since)).isFalse();
        assertThat(work.size()).isZero();
    }

    @Test
    void anAddressHasAQuarterOfTheTimeHoweverManyConnectionsItHas() {
        long from = now;
        long worked = 0;
        while (now - from < Duration.ofSeconds(10).toNanos()) {
            Duration rest = work.rest(MALLORY, true);
            now += rest.toNanos();
            if (rest.isZero()) {
                takes(MALLORY, 20);
                worked += 20;
            }
        }
        assertThat(worked).isBetween(2_400L, 2_600L);
        assertThat(rests).isPositive();
    }

    @Test
    void nobodyElseWaits() {
        takes(MALLORY, 10_000);
        assertThat(work.rest(MALLORY, true))
                .as("no longer than for a quarter of a second")
                .isEqualTo(Duration.ofMillis(950));
        assertThat(work.rest(ANN, true)).isZero();
    }

    @Test
    void whoHasDoneNothingWaitsOnlyBehindALargeDebt() {
        takes(MALLORY, 200);
        assertThat(work.rest(MALLORY, true)).isEqualTo(Duration.ofMillis(750));
        assertThat(work.rest(MALLORY, false)).isZero();
        takes(MALLORY, 200);
        assertThat(work.rest(MALLORY, false)).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void whatHasPassedIsForgotten() {
        takes(MALLORY, 20);
        takes("2001:db8::1", 20);
        assertThat(work.rest("2001:db8::2", true)).as("the same /64").isPositive();
        assertThat(work.size()).isEqualTo(2);
        now += Duration.ofSeconds(1).toNanos();
        assertThat(work.rest(MALLORY, true)).isZero();
        assertThat(work.size()).isEqualTo(1);
        work.forget();
        assertThat(work.size()).isZero();
    }
}
