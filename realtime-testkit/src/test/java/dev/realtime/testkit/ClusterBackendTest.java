package dev.realtime.testkit;

import dev.realtime.spi.Backend;
import dev.realtime.testkit.backend.ClusterBackend;
import dev.realtime.testkit.backend.Line;
import dev.realtime.testkit.contract.BackendContract;
import java.time.Duration;

class ClusterBackendTest extends BackendContract {
    private final VirtualTime time = VirtualTime.create();
    private boolean silent;
    private final Backend backend = ClusterBackend.create(time).forNode(new Line() {
        @Override
        public void toBackend(Traffic traffic, Runnable arrives) {
            if (!silent) {
                arrives.run();
            }
        }

        @Override
        public void toNode(Traffic traffic, Runnable arrives) {
            arrives.run();
        }
    });

    @Override
    protected Backend backend() {
        return backend;
    }

    @Override
    protected void silence() {
        silent = true;
    }

    @Override
    protected void answer() {
        silent = false;
    }

    @Override
    protected void elapse(Duration duration) {
        time.advance(duration);
    }
}
