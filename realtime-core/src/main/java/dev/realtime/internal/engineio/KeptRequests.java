package dev.realtime.internal.engineio;

import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.QueryString;
import dev.realtime.spi.RequestView;
import dev.realtime.transport.OpeningRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The requests that connections were opened with. A session asks for its handshake as long as it lives, so they stay as long as their
 * connections, and are paid for out of the node's budget like everything else that clients make it keep. Thread-safe.
 */
final class KeptRequests {
    /** Bytes that need not be paid for: what browsers and games send. */
    static final int FREE = 8_192;

    private static final int ENTRY = 160; // of the heap, for a name and its value beside their text

    private final InboundBudget budget;

    KeptRequests(InboundBudget budget) {
        this.budget = budget;
    }

    /** Whether a request is of a form that is worth keeping. */
    static boolean isPlain(RequestView request) {
        return entries(request.query().values()) <= QueryString.MAX_PARAMETERS;
    }

    /** @return false when the node has no room for it; otherwise it is to be {@linkplain #forget forgotten} once */
    boolean keep(OpeningRequest request) {
        return budget.take(InboundBudget.Use.OPENING, request.remoteAddress(), weight(request));
    }

    void forget(OpeningRequest request) {
        budget.give(InboundBudget.Use.OPENING, request.remoteAddress(), weight(request));
    }

    private static long weight(OpeningRequest request) {
        return Math.max(0, weight(request.query()) + weight(request.headers()) - FREE);
    }

    private static long weight(Map<String, List<String>> fields) {
        long bytes = (long) ENTRY * entries(fields.values());
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            bytes += field.getKey().length();
            for (String value : field.getValue()) {
                bytes += value.length();
            }
        }
        return bytes;
    }

    private static int entries(Collection<List<String>> values) {
        int entries = 0;
        for (List<String> each : values) {
            entries += each.size();
        }
        return entries;
    }
}
