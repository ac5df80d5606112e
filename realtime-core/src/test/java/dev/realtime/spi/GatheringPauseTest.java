package dev.realtime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a thread waits for more, and how long. Times in microseconds; a timer is 50 late by itself. */
class GatheringPauseTest {
    private final GatheringPause pause = new GatheringPause(Duration.ofNanos(500_000));

    private long after(long worked, int found) {
        return pause.nanosAfter(worked * 1_000, found) / 1_000;
    }

    @Test
    void itIsAsLongAsTheTurnWas() {
        assertThat(after(200, 2)).isEqualTo(150);
        assertThat(after(300, 15)).isEqualTo(250);
    }

    @Test
    void ofNoTurnIsItLongerThanTheLongest() {
        assertThat(after(500, 3)).isEqualTo(450);
        assertThat(after(501, 3)).isEqualTo(450);
        assertThat(after(1_000_000, 3)).isEqualTo(450);
    }

    @Test
    void aTimerWouldBeTooLateForAShortOne() {
        assertThat(after(50, 2)).isNotPositive();
        assertThat(after(3, 15)).isNotPositive();
    }

    @Test
    void aClientThatIsAloneNeverWaits() {
        assertThat(after(300, 1)).isNotPositive();
        assertThat(after(1_000_000, 1)).isNotPositive();
        assertThat(after(300, 0)).isNotPositive();
    }

    @Test
    void whoFindsManyNeedNotGather() {
        assertThat(after(300, 15)).isPositive();
        assertThat(after(300, 16)).isNotPositive();
    }

    @Test
    void noneWhereItIsSwitchedOff() {
        GatheringPause never = new GatheringPause(Duration.ZERO);
        assertThat(never.nanosAfter(300_000, 2)).isNotPositive();
    }

    @Test
    void aNegativeOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatheringPause(Duration.ofNanos(-1)))
                .withMessageContaining("longest");
    }
}
