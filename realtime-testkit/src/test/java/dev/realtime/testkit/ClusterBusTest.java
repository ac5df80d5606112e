package dev.realtime.testkit;

import dev.realtime.spi.Backend;
import dev.realtime.testkit.backend.ClusterBackend;
import dev.realtime.testkit.contract.BusContract;
import java.util.function.BooleanSupplier;

class ClusterBusTest extends BusContract {
    private final VirtualTime time = VirtualTime.create();
    private final ClusterBackend shared = ClusterBackend.create(time);

    @Override
    protected Backend join() {
        return shared.forNode();
    }

    @Override
    protected void await(String what, BooleanSupplier condition) {
        time.settle();
        if (!condition.getAsBoolean()) {
            throw new AssertionError("in vain: " + what);
        }
    }
}
