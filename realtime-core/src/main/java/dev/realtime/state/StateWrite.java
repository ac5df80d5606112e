package dev.realtime.state;

/**
 * What became of a write that was bound to a version.
 *
 * @param isDone whether the value was written; if not, it was another version that was there
 * @param current what is there now
 */
public record StateWrite<T>(boolean isDone, StateValue<T> current) {}
