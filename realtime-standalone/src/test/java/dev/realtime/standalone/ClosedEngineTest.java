package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.Realtime;
import org.junit.jupiter.api.Test;

/** An engine that is closed lets nobody in, so nothing is opened for it. */
class ClosedEngineTest {
    @Test
    void isNotServed() {
        Realtime realtime = Realtime.builder().namespace("/", game -> {}).build();
        realtime.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> StandaloneServer.start(realtime, 0))
                .withMessageContaining("closed");
    }
}
