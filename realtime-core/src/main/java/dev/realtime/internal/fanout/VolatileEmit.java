package dev.realtime.internal.fanout;

import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;

/**
 * An event that may be lost, on its way to the fan-out.
 *
 * @param own whether this node emits it, so that the others are told
 */
public record VolatileEmit(
        Target target, EventData event, @Nullable String coalesceKey, boolean own) {}
