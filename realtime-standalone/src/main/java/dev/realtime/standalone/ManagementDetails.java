package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators may see and players need not: metrics, and how the server is. Here is decided where it is shown. */
final class ManagementDetails {
    /** For a server without a port for operators. */
    static final int NO_PORT = -1;

    private final boolean open;
    private final @Nullable RestHandler metrics;
    private volatile int managementPort = NO_PORT;

    /**
     * @param open whether everybody may see them on the server's own port
     * @param metrics in the Prometheus text format; null: there are none
     */
    ManagementDetails(boolean open, @Nullable Supplier<String> metrics) {
        this.open = open;
        this.metrics = metrics == null ? null : (request, body) -> reply(metrics.get());
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

    /** Answers with what the application has given, on a worker: whoever makes it may take its time. Null if it has given nothing. */
    @Nullable
    RestHandler metrics() {
        return metrics;
    }

    private static HttpReply reply(String text) {
        return new HttpReply(
                200,
                Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8", "Cache-Control", "no-store"),
                text.getBytes(StandardCharsets.UTF_8));
    }
}
