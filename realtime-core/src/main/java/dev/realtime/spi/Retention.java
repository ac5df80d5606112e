package dev.realtime.spi;

import java.time.Duration;

/**
 * How much of a log is kept. An entry is forgotten when it is older than {@code age}, or earlier when the log exceeds
 * {@code entries} or {@code bytes}; a resume that would need it then ends in a fresh session.
 *
 * @param age zero keeps nothing for replay
 * @param bytes of JSON and attachments together
 */
public record Retention(Duration age, int entries, long bytes) {}
