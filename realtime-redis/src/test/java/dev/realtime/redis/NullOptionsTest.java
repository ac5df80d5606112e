package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.testkit.contract.NullArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said about Redis is looked at when it is given, and whoever gave null reads what it was. */
class NullOptionsTest {
    private static final RedisOptions OPTIONS = RedisOptions.of("redis://127.0.0.1:1");
    private static final AdminKey KEY = AdminKey.of("k", new byte[32]);
    private static final NullArguments NULLS = new NullArguments(Map.of(
            String.class,
            "x",
            Duration.class,
            Duration.ofSeconds(1),
            RedisOptions.class,
            OPTIONS,
            Event.class,
            Event.of("x", String.class),
            Optional.class,
            Optional.empty(),
            AdminKey.class,
            KEY));

    @Test
    void everyReferenceIsNamed() {
        List<String> accepted = new ArrayList<>();
        for (Class<?> type : List.of(
                RedisOptions.class,
                RedisBackend.class,
                RealtimePublisher.class,
                RedisIntake.class,
                AdminKey.class,
                AdminCommand.Disconnect.class,
                AdminCommand.RevokeCredentials.class,
                AdminCommand.RevokeToken.class,
                AdminCommand.Announce.class,
                AdminCommand.Join.class,
                AdminCommand.Leave.class)) {
            accepted.addAll(NULLS.acceptedBy(type));
        }
        accepted.addAll(NULLS.acceptedBy(RedisOptions.class, OPTIONS));
        accepted.addAll(NULLS.acceptedBy(RedisIntakeBuilder.class, RedisIntake.builder(OPTIONS)));
        assertThat(accepted).isEmpty();
    }
}
