package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.NullArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said about Redis is looked at when it is given, and whoever gave null reads what it was. */
class NullOptionsTest {
    private static final RedisOptions OPTIONS = RedisOptions.of("redis://127.0.0.1:1");
    private static final NullArguments NULLS = new NullArguments(
            Map.of(String.class, "x", Duration.class, Duration.ofSeconds(1), RedisOptions.class, OPTIONS));

    @Test
    void everyReferenceIsNamed() {
        List<String> accepted = new ArrayList<>();
        for (Class<?> type : List.of(RedisOptions.class, RedisBackend.class, RealtimePublisher.class)) {
            accepted.addAll(NULLS.acceptedBy(type));
        }
        accepted.addAll(NULLS.acceptedBy(RedisOptions.class, OPTIONS));
        assertThat(accepted).isEmpty();
    }
}
