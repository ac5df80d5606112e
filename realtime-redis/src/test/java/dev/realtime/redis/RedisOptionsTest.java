package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of the backend: one for each method, with a default, in their range. */
class RedisOptionsTest {
    private static final RedisOptions OPTIONS = RedisOptions.DEFAULT;

    static Arguments[] outOfRange() {
        return new Arguments[] {
            wrong("streamName must be a name, but is ''", () -> OPTIONS.streamName("")),
            wrong("streamCount must be between 1 and 1024, but is 0", () -> OPTIONS.streamCount(0)),
            wrong("leastEntries must be at least 1000, but is 1", () -> OPTIONS.leastEntries(1)),
            wrong("roomsPerEntry must be between 16 and 100000, but is 1", () -> OPTIONS.roomsPerEntry(1)),
            wrong("timeout must be between 10 ms and 10 min, but is PT0S", () -> OPTIONS.timeout(Duration.ZERO)),
            wrong("appendQueueEntries must be at least 1, but is 0", () -> OPTIONS.appendQueueEntries(0)),
            wrong("appendQueueBytes must be at least 1024, but is 1", () -> OPTIONS.appendQueueBytes(1)),
            wrong("commandQueueBytes must be at least 1048576, but is 1", () -> OPTIONS.commandQueueBytes(1))
        };
    }

    private static Arguments wrong(String message, ThrowingCallable act) {
        return Arguments.of(message, act);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void theMessageNamesOptionAndRangeAndValue(String message, ThrowingCallable act) {
        assertThatIllegalArgumentException().isThrownBy(act).withMessage("RedisOptions." + message);
    }

    @Test
    void theUrlIsAnOptionAsAllOthers() {
        assertThat(OPTIONS.streamCount(2).url("redis://u:secret@redis.internal:7000/1"))
                .hasToString(RedisOptions.of("redis://u:secret@redis.internal:7000/1")
                        .streamCount(2)
                        .toString())
                .asString()
                .contains("redis.internal")
                .doesNotContain("secret");
        assertThat(OPTIONS.toString()).contains("localhost:6379");
    }

    @Test
    void aChangeLeavesTheOthersAlone() {
        RedisOptions changed = OPTIONS.appendQueueEntries(7).streamName("game");
        assertThat(changed.appendQueueEntries()).isEqualTo(7);
        assertThat(changed.appendQueueBytes()).isEqualTo(64L << 20);
        assertThat(OPTIONS.appendQueueEntries()).isEqualTo(50_000);
    }
}
