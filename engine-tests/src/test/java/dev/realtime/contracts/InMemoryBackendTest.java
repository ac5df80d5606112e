package dev.realtime.contracts;

import dev.realtime.internal.memory.MemoryBackend;
import dev.realtime.spi.Backend;
import dev.realtime.testkit.VirtualTime;
import dev.realtime.testkit.contract.BackendContract;
import java.time.Duration;

class InMemoryBackendTest extends BackendContract {
    private final VirtualTime time = VirtualTime.create();
    private final Backend backend = new MemoryBackend(time);

    @Override
    protected Backend backend() {
        return backend;
    }

    @Override
    protected void elapse(Duration duration) {
        time.advance(duration);
    }
}
