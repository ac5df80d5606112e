package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.testkit.contract.NullArguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server is given is looked at when it is given, and whoever gave null reads what it was. */
class NullOptionsTest {
    private static final NullArguments NULLS = new NullArguments(Map.of(
            String.class, "x",
            Duration.class, Duration.ofSeconds(1),
            Path.class, Path.of("x")));

    @Test
    void everyReferenceIsNamed() {
        List<String> accepted = new ArrayList<>();
        for (Class<?> type : List.of(StandaloneServer.class, Tls.class, TrustedProxies.class)) {
            accepted.addAll(NULLS.acceptedBy(type));
        }
        accepted.addAll(NULLS.acceptedBy(StandaloneOptions.class, StandaloneOptions.DEFAULT));
        assertThat(accepted).isEmpty();
    }
}
