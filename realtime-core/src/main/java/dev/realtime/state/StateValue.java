package dev.realtime.state;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A state at one of its versions. Immutable, as far as its value is.
 *
 * @param version 0 if there has never been one. A later version is greater, and not by one: no other meaning is in it. It fits into a number of JavaScript
 * @param value null if there is none
 * @param updatedBy who has made this version, as he was named then; empty if nobody was named
 * @param updatedAt when, by the clock of the store
 */
public record StateValue<T>(long version, @Nullable T value, String updatedBy, Instant updatedAt) {
    public StateValue {
        Objects.requireNonNull(updatedBy, "updatedBy");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** Returns whether there is a value. */
    public boolean isPresent() {
        return value != null;
    }
}
