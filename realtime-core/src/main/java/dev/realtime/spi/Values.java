package dev.realtime.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Small texts that all nodes share, by name. Each has a version, and whoever writes names the version that he has read: of several who write at once one
 * succeeds, and the others see what he has written. What has an end ("muted until") is kept in the store's time, which every answer tells, so that no
 * clock of a node can end it early or late.
 *
 * <p>A value is small (16 KiB at most) and has a time to live. Calls that are made together cost one round trip where that is possible. Thread-safe; no
 * method blocks.
 */
public interface Values {

    /** Looks at a value without touching it. */
    CompletionStage<Value> find(String name);

    /**
     * Writes a value if it still has the version that the caller knows. The new version is greater than all that the name ever had, even if the value has been
     * removed, has run out, or was lost by the store, as long as the store's clock was not set back by more than that took.
     *
     * <p>A stage that fails does not say whether the value was written. One that says no may have come too late for its own success, where a backend asks
     * again what was not answered: whoever needs to know looks at what is there.
     *
     * @param expectedVersion that of the value as it was last seen; 0 where nothing is known of the name
     * @param text null removes what is there; its version is remembered
     * @param timeToLive after which the store may forget it, text and version, unless it is written again
     */
    CompletionStage<Written> put(String name, long expectedVersion, @Nullable String text, Duration timeToLive);

    /**
     * What the store has under a name.
     *
     * @param version 0 if nothing is known of the name
     * @param text null if there is none, or no longer
     * @param at the store's clock as it said so
     */
    record Value(long version, @Nullable String text, Instant at) {}

    /**
     * What became of a write.
     *
     * @param isDone whether it was done
     * @param value what is there now: what was written, or what was there instead of the expected
     */
    record Written(boolean isDone, Value value) {}
}
