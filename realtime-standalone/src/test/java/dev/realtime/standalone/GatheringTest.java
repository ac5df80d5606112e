package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.standalone.GatheringSelector.Turns;
import org.junit.jupiter.api.Test;

/** When an I/O thread waits for more. Times in microseconds. */
class GatheringTest {
    private long now = 7_000_000;
    private final Turns turns = new Turns(500_000, now * 1_000);

    private long pauseAfter(long micros) {
        return pauseAfter(micros, 3);
    }

    private long pauseAfter(long micros, int ready) {
        now += micros;
        turns.began(now * 1_000, ready);
        return turns.pause() / 1_000;
    }

    @Test
    void theFirstTurnsAreNotHeldUp() {
        assertThat(turns.pause()).isZero();
        assertThat(pauseAfter(5_000_000)).isZero();
    }

    @Test
    void turnsThatFollowEachOtherFastAre() {
        pauseAfter(5_000);
        assertThat(pauseAfter(20)).isEqualTo(500);
        assertThat(pauseAfter(520)).as("gathering alone keeps it busy").isEqualTo(500);
        assertThat(pauseAfter(999)).isEqualTo(500);
    }

    @Test
    void aThreadThatHasTimeStopsGathering() {
        pauseAfter(20);
        assertThat(pauseAfter(1_000)).isZero();
        assertThat(pauseAfter(5_000)).isZero();
    }

    @Test
    void aThreadThatFindsManyReadyNeedNotGather() {
        pauseAfter(20);
        assertThat(pauseAfter(20, 15)).isEqualTo(500);
        assertThat(pauseAfter(20, 16)).isZero();
    }

    @Test
    void noneGathersWhereItIsSwitchedOff() {
        Turns never = new Turns(0, 0);
        never.began(1, 1);
        never.began(2, 1);
        assertThat(never.pause()).isZero();
    }
}
