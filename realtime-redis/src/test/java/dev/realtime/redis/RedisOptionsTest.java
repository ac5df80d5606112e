package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.spi.Time;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
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

    static List<UnaryOperator<RedisOptions>> changes() throws Exception {
        SSLContext context = SSLContext.getDefault();
        Time time = new NoTime();
        return List.of(
                options -> options.url("redis://u:secret@localhost:6379"),
                options -> options.url("redis://u:other@localhost:6379"),
                options -> options.streamName("game"),
                options -> options.streamCount(2),
                options -> options.channelPrefix("game"),
                options -> options.sessionKeyPrefix("game:"),
                options -> options.shardedPubSub(true),
                options -> options.leastEntries(7_000),
                options -> options.roomsPerEntry(77),
                options -> options.timeout(Duration.ofSeconds(7)),
                options -> options.blockTime(Duration.ofSeconds(7)),
                options -> options.heartbeat(Duration.ofSeconds(7)),
                options -> options.appendQueueEntries(7),
                options -> options.appendQueueBytes(7_000),
                options -> options.commandQueueBytes(7 << 20),
                options -> options.appendDeadline(Duration.ofSeconds(7)),
                options -> options.probeInterval(Duration.ofSeconds(7)),
                options -> options.sentinelPassword("secret"),
                options -> options.tls(context),
                options -> options.time(time));
    }

    private static final class NoTime implements Time {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new IllegalStateException("nothing is scheduled");
        }
    }

    @Test
    void optionsAreEqualThatSayTheSame() throws Exception {
        List<UnaryOperator<RedisOptions>> changes = changes();
        assertThat(changes)
                .allSatisfy(change -> assertThat(change.apply(OPTIONS))
                        .isEqualTo(change.apply(OPTIONS))
                        .hasSameHashCodeAs(change.apply(OPTIONS))
                        .isNotEqualTo(OPTIONS));
        assertThat(changes.stream().map(change -> change.apply(OPTIONS)).distinct())
                .hasSameSizeAs(changes);
        long options = Arrays.stream(RedisOptions.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType() == RedisOptions.class)
                .count();
        assertThat(changes).as("every option is here, the URL twice").hasSize((int) options + 1);
    }

    @Test
    void asTextTheyShowNoSecret() throws Exception {
        RedisOptions options = OPTIONS.url("rediss://operator:secret@redis.internal:7000/1")
                .sentinelPassword("secret")
                .tls(SSLContext.getDefault());
        assertThat(options)
                .asString()
                .startsWith("RedisOptions[url=rediss://redis.internal:7000/1, streamName=socket.io, streamCount=1,")
                .endsWith("probeInterval=PT1S, sentinelPassword=(set), tls=(set)]")
                .doesNotContain("secret")
                .doesNotContain("operator");
    }
}
