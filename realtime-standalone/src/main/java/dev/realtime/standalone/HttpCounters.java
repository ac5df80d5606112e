package dev.realtime.standalone;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts beside its engine. */
final class HttpCounters {
    final LongAdder requests = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final LongAdder unknownClients = new LongAdder();
    final LongAdder stalled = new LongAdder();
    final LongAdder queuedHandlers = new LongAdder();
    final LongAdder rests = new LongAdder();
    final LongAdder survived = new LongAdder();
    final LongAdder omittedLines = new LongAdder();

    Map<String, Long> snapshot() {
        Map<String, Long> values = new TreeMap<>();
        values.put("http.requests", requests.sum());
        values.put("http.requests.malformed", malformed.sum());
        values.put("http.requests.unknown_client", unknownClients.sum());
        values.put("http.connections.refused", refusedConnections.sum());
        values.put("http.connections.stalled", stalled.sum());
        values.put("http.handlers.queued", queuedHandlers.sum());
        values.put("io.rests", rests.sum());
        values.put("io.errors.survived", survived.sum());
        values.put("log.lines.omitted", omittedLines.sum()); // beside those of the engine
        return values;
    }
}
