package dev.realtime.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Home;
import dev.realtime.spi.SessionStore.Removal;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** For how long it is remembered whose a session was. */
class EndedSessionOwnersTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    private final MovedTime time = new MovedTime();
    private final EndedSessionOwners graves = new EndedSessionOwners(time);
    private final Home home = new Home("a", 1, 1);

    private void passes(Duration duration) {
        time.nanos += duration.toNanos();
    }

    @Test
    void afterAnHourItIsForgottenAsOthersEnd() {
        graves.add("first", home);
        passes(HALF_AN_HOUR);
        graves.add("second", home);
        passes(HALF_AN_HOUR.plusNanos(1));
        graves.add("third", home);

        assertThat(graves.size()).isEqualTo(2);
        assertThat(graves.of("first", home)).isEqualTo(Removal.FORGOTTEN);
        assertThat(graves.of("second", home)).isEqualTo(Removal.REMOVED);
    }

    @Test
    void whatEndsOnceMoreIsRememberedForLongerAndKeepsNoOtherAlive() {
        graves.add("twice", home);
        graves.add("once", home);
        passes(HALF_AN_HOUR);
        graves.add("twice", home);
        passes(HALF_AN_HOUR.plusNanos(1));
        graves.add("third", home);

        assertThat(graves.of("once", home)).isEqualTo(Removal.FORGOTTEN);
        assertThat(graves.of("twice", home)).isEqualTo(Removal.REMOVED);
    }

    private static final class MovedTime implements Time {
        long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
