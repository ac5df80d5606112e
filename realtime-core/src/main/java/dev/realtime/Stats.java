package dev.realtime;

import dev.realtime.limits.Limits;
import java.util.Map;

/**
 * The counters of one engine since its start, and the gauges of one moment. Names are fixed; none comes from clients. Immutable.
 *
 * @param connections open now
 * @param sessions live or suspended now
 * @param suspended sessions waiting for their client now
 * @param counters by name: {@code connections.opened}, {@code connections.refused}, {@code sessions.connected}, {@code sessions.resumed},
 *     {@code sessions.fresh}, {@code events.received}, {@code events.unknown}, {@code events.refused}, {@code events.failed},
 *     {@code log.appended}, {@code deliveries}, {@code volatile.dropped}, {@code outbox.overflow}, {@code packets.bad}, …; they only grow
 * @param gauges of this moment by name: {@code namespaces.live}, {@code inbound.bytes} that clients hold of {@link Limits#maxInboundBytes()},
 *     and how many users and addresses something is remembered of: {@code limits.addresses}, {@code limits.rates},
 *     {@code limits.shares} that are reserved ahead, {@code limits.alone} which is 1 while the backend does not answer, {@code limits.suspended}, {@code handlers.addresses}
 */
public record Stats(
        int connections, int sessions, int suspended, Map<String, Long> counters, Map<String, Long> gauges) {}
