package dev.realtime.internal.state;

import dev.realtime.spi.Values.Value;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state as the store had it.
 *
 * @param number the store's version, which counts all writes
 * @param text null if nothing is known of the state
 * @param at the store's clock when it said so
 */
record Stored(long number, @Nullable StateText text, Instant at) {
    static final Stored NOTHING = new Stored(0, null, Instant.EPOCH);

    static Stored of(Value value) {
        try {
            return new Stored(value.version(), value.text() == null ? null : StateText.parse(value.text()), value.at());
        } catch (IllegalArgumentException e) {
            throw new StateFailedException(Reason.UNREADABLE, "a stored state cannot be read", e);
        }
    }

    /** The version of the state, which counts its changes. */
    long version() {
        return text == null ? 0 : text.version() == 0 ? number : text.version();
    }

    @Nullable
    String json() {
        return text == null ? null : text.json();
    }

    /** Whether a write has been done. */
    boolean has(String writer) {
        return text != null && text.isFrom(writer);
    }
}
