package dev.realtime.schedule;

import java.time.Instant;

/**
 * An event that is to be emitted later.
 *
 * @param id unique; by which it can be {@linkplain Schedule#cancel cancelled}
 * @param event its name
 * @param due when it is emitted, by the clock of the backend
 */
public record ScheduledEvent(String id, String event, Instant due) {}
