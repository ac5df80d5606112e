package dev.realtime.testkit;

import dev.realtime.spi.Backend;
import dev.realtime.testkit.backend.ClusterBackend;
import dev.realtime.testkit.contract.BackendContract;
import java.time.Duration;

class ClusterBackendTest extends BackendContract {
    private final VirtualTime time = VirtualTime.create();
    private final Backend backend = ClusterBackend.create(time).forNode();

    @Override
    protected Backend backend() {
        return backend;
    }

    @Override
    protected void elapse(Duration duration) {
        time.advance(duration);
    }
}
