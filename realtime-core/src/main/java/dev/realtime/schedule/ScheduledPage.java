package dev.realtime.schedule;

import java.util.List;
import java.util.Optional;

/**
 * A part of what is to be emitted.
 *
 * @param events what is due first comes first
 * @param next for the next page; empty if this is the last one
 */
public record ScheduledPage(List<ScheduledEvent> events, Optional<String> next) {}
