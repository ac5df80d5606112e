package dev.realtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private final MockClock clock = new MockClock();
    private final Meters meters = new Meters(new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock), Tags.empty());
    private final Samples samples = new Samples();

    private int timed(int events, Duration apart) {
        int timed = 0;
        for (int i = 0; i < events; i++) {
            clock.add(apart);
            timed += samples.next(meters) ? 1 : 0;
        }
        return timed;
    }

    @Test
    void whatIsRareIsTimedEachTime() {
        assertThat(timed(1_000, Duration.ofMillis(2))).isEqualTo(1_000);
    }

    @Test
    void aTenthOfWhatComesTenTimesAsOftenIsTimed() {
        timed(1_000, Duration.ofNanos(100_000));
        assertThat(timed(10_000, Duration.ofNanos(100_000))).isBetween(600, 1_500);
    }

    @Test
    void howeverOftenOneOfSixtyFourIsTimed() {
        timed(1_000, Duration.ofNanos(100));
        assertThat(timed(6_400, Duration.ofNanos(100))).isEqualTo(100);
    }

    @Test
    void whatHasBecomeRareIsTimedAgain() {
        timed(10_000, Duration.ofNanos(100));
        timed(200, Duration.ofSeconds(1));
        assertThat(timed(10, Duration.ofSeconds(1))).isEqualTo(10);
    }
}
