package dev.realtime.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A backend that is made before any engine runs on the clock of the first that uses it. */
class MemoryBackendTest {
    private static Time at(long millis) {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.ofEpochMilli(millis);
            }

            @Override
            public long nanoTime() {
                return millis * 1_000_000;
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void theFirstEngineLendsItsClock() {
        MemoryBackend backend = new MemoryBackend();

        backend.runOn(at(7));
        backend.runOn(at(900));

        assertThat(backend.epoch()).isEqualTo("memory-7");
    }

    @Test
    void withoutAnEngineThereIsNoTime() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new MemoryBackend().epoch())
                .withMessage("no engine uses this backend yet");
    }
}
