package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.Realtime;
import dev.realtime.testkit.contract.NullArguments;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the servlet is given is looked at when it is given. */
class ServletArgumentsTest {
    @Test
    void nullIsRefusedByName() {
        assertThat(new NullArguments(Map.of(String.class, "x")).acceptedBy(RealtimeServlet.class))
                .isEmpty();
    }

    @Test
    void aClosedEngineIsNotServed() {
        Realtime realtime = Realtime.builder().namespace("/", game -> {}).build();
        realtime.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> new RealtimeServlet(realtime))
                .withMessageContaining("closed");
    }
}
