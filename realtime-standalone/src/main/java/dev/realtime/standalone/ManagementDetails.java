package dev.realtime.standalone;

import dev.realtime.Stats;
import dev.realtime.spi.HttpReply;
import java.util.function.Supplier;

/** What operators may see and players need not: counters, and how the server is. Here is decided where it is shown. */
final class ManagementDetails {
    /** For a server without a port for operators. */
    static final int NO_PORT = -1;

    private final boolean open;
    private final Supplier<Stats> engine;
    private final HttpCounters counters;
    private final Supplier<Integer> connections;
    private volatile int managementPort = NO_PORT;

    /** @param open whether everybody may see them on the server's own port */
    ManagementDetails(boolean open, Supplier<Stats> engine, HttpCounters counters, Supplier<Integer> connections) {
        this.open = open;
        this.engine = engine;
        this.counters = counters;
        this.connections = connections;
    }

    void managementPort(int port) {
        managementPort = port;
    }

    int managementPort() {
        return managementPort;
    }

    boolean isManagement(int port) {
        return port == managementPort;
    }

    boolean arePublic() {
        return open;
    }

    HttpReply metrics() {
        return Metrics.reply(engine.get(), connections.get(), counters.snapshot());
    }
}
