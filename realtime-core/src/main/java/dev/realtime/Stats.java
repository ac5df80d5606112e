package dev.realtime;

import java.util.Map;

/**
 * Counters of one engine since its start, and gauges of this moment. Names are fixed; nothing comes from clients.
 *
 * @param connections open now
 * @param sessions live or suspended now
 * @param suspended sessions waiting for their client now
 * @param counters by name: {@code connections.opened}, {@code connections.refused}, {@code sessions.connected}, {@code sessions.resumed},
 *     {@code sessions.fresh}, {@code events.received}, {@code events.unknown}, {@code events.refused}, {@code events.failed},
 *     {@code log.appended}, {@code deliveries}, {@code volatile.dropped}, {@code outbox.overflow}, {@code packets.bad}, …
 */
public record Stats(int connections, int sessions, int suspended, Map<String, Long> counters) {}
