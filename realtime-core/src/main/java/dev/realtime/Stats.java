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
 *     {@code log.appended}, {@code deliveries}, {@code volatile.dropped}, {@code outbox.overflow}, {@code packets.bad}, …; they only grow. Those
 *     that are told apart by a reason have one counter for each, behind a dot: {@code connections.closed.ping_timeout},
 *     {@code sessions.closed.window_over}, {@code sessions.fresh.log_trimmed}
 * @param gauges of this moment by name: {@code connections.websocket} and {@code connections.polling}, {@code connections.limit} that are allowed;
 *     {@code namespaces.live}, {@code rooms} of them that have members here, {@code fanout.waiting} for its turn in them, {@code presence.sessions} of the
 *     cluster that presence knows; {@code outbox.bytes} and {@code outbox.messages} that clients have not taken, {@code outbox.waiting} for how many of them, and
 *     {@code outbox.stalled} for a second at least; {@code inbound.bytes} that clients hold of {@link Limits#maxInboundBytes()} ({@code inbound.limit});
 *     and how many users and addresses something is remembered of: {@code limits.addresses}, {@code limits.rates},
 *     {@code limits.shares} that are reserved ahead, {@code limits.alone} which is 1 while the backend does not answer, {@code limits.nodes} that share the limits, {@code limits.suspended}, {@code handlers.addresses}
 */
public record Stats(
        int connections, int sessions, int suspended, Map<String, Long> counters, Map<String, Long> gauges) {}
