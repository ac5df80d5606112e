package dev.realtime.internal.fanout;

import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;

/** An event that may be lost, on its way to the fan-out. */
public record VolatileEmit(Target target, EventData event, @Nullable String coalesceKey) {}
