package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkMeterTest {
    private long now = 42;
    private final WorkMeter effort = new WorkMeter(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void frames(int count, int bytes) {
        for (int i = 0; i < count; i++) {
            effort.frame(bytes);
        }
    }

    @Test
    void fourThousandOfTheSmallestFramesAreMuch() {
        frames(4_095, 0);
        assertThat(effort.isMuch()).isFalse();
        frames(1, 0);
        assertThat(effort.isMuch()).isTrue();
        assertThat(effort.isMuch()).as("the rest has been taken").isFalse();
    }

    @Test
    void aQuarterOfAMegabyteIsMuchInHoweverFewFrames() {
        frames(1, 256 << 10);
        assertThat(effort.isMuch()).isTrue();
    }

    @Test
    void whatComesInItsTimeIsNotMuch() {
        for (int second = 0; second < 100; second++) {
            frames(4_000, 0);
            pass(Duration.ofMillis(110));
            assertThat(effort.isMuch()).isFalse();
        }
    }

    @Test
    void aBurstBehindAPauseIsLookedAtFromItsBeginning() {
        pass(Duration.ofHours(1));
        frames(4_096, 0);
        assertThat(effort.isMuch()).as("in an hour").isFalse();
        frames(4_096, 0);
        pass(Duration.ofMillis(99));
        assertThat(effort.isMuch()).isTrue();
    }
}
