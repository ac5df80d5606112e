package dev.realtime.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CredentialsEndTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private Instant wall = NOON;
    private long nanos = Long.MAX_VALUE - 5;
    private final CredentialsEnd end = new CredentialsEnd(time());

    @Test
    void whatIsLeftRunsDownWithTheMonotonicClockWhateverTheWallClockDoes() {
        assertThat(end.left(NOON.plusSeconds(60))).hasSeconds(60);
        nanos += Duration.ofSeconds(20).toNanos();
        wall = NOON.minusSeconds(3600);
        assertThat(end.left(NOON.plusSeconds(60))).hasSeconds(40);
        wall = NOON.plusSeconds(3600);
        assertThat(end.left(NOON.plusSeconds(60))).hasSeconds(40);
        nanos += Duration.ofSeconds(41).toNanos();
        assertThat(end.left(NOON.plusSeconds(60))).isZero();
    }

    @Test
    void olderCredentialsAfterAJumpExtendNothingAndDoNotOpenTheWayForNewerOnes() {
        end.left(NOON.plusSeconds(60));
        wall = NOON.minusSeconds(3600);
        assertThat(end.left(NOON.plusSeconds(50))).hasSeconds(50);
        assertThat(end.left(NOON.plusSeconds(60))).hasSeconds(60);
        assertThat(end.left(NOON.minusSeconds(1))).isZero();
    }

    @Test
    void newerCredentialsAreMeasuredByTheWallClock() {
        end.left(NOON.plusSeconds(60));
        nanos += Duration.ofSeconds(30).toNanos();
        wall = NOON.plusSeconds(30);
        assertThat(end.left(NOON.plusSeconds(600))).hasSeconds(570);
    }

    @Test
    void endsBeyondAllCalendarsAreBoundedAndAreNotWhatOthersAreMeasuredBy() {
        assertThat(end.left(Instant.MAX)).hasDays(36_500);
        assertThat(end.left(NOON.plusSeconds(60))).hasSeconds(60);
        assertThat(end.left(Instant.MIN)).isZero();
        assertThat(new CredentialsEnd(time()).left(Instant.MIN)).isZero();
    }

    private Time time() {
        return new Time() {
            @Override
            public Instant now() {
                return wall;
            }

            @Override
            public long nanoTime() {
                return nanos;
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
