package dev.realtime.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much of a log is kept. An entry is forgotten when it is older than {@code age}, or earlier when the log exceeds
 * {@code entries} or {@code bytes}; a resume that would need it then ends in a fresh session.
 *
 * @param age zero keeps nothing for replay
 * @param bytes of JSON and attachments together
 * @param share namespaces with an equal share have these bytes together, where a backend keeps several in one place: clients can make more of
 *     them; null for a namespace that has them for itself
 */
public record Retention(
        Duration age, int entries, long bytes, @Nullable String share) {

    /** Of a namespace that has its bytes for itself. */
    public Retention(Duration age, int entries, long bytes) {
        this(age, entries, bytes, null);
    }
}
