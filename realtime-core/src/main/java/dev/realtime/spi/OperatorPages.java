package dev.realtime.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What probes, balancers and operators read of a node over HTTP, in JSON. A transport serves it where it likes; who may see it is the transport's to decide. Thread-safe, and does not
 * block.
 *
 * <table>
 * <caption>Pages</caption>
 * <tr><td>{@code /health/live}</td><td>200 while the engine's own threads run; a node without it has to be started anew. It does not ask the backend</td></tr>
 * <tr><td>{@code /health/ready}</td><td>200 while new clients are welcome; 503 while the node starts, stops or is full</td></tr>
 * <tr><td>{@code /health}, {@code /health/websocket}</td><td>the {@linkplain dev.realtime.health.HealthReport report}; 503 if it is unhealthy or stops</td></tr>
 * <tr><td>{@code /stats}</td><td>what a balancer places clients by; in full only</td></tr>
 * </table>
 */
@FunctionalInterface
public interface OperatorPages {

    /**
     * Returns a page.
     *
     * @param path such as {@code /health/ready}, without a query
     * @param inFull whether the reader may see more than one word: numbers, and which checks have failed
     * @return completes with the page, never exceptionally; null if there is none at that path
     */
    @Nullable
    CompletionStage<HttpReply> page(String path, boolean inFull);
}
