/** Limits of what clients may do and of what may wait for them: {@link dev.realtime.limits.Limits}, {@link dev.realtime.limits.OutboxLimits}. */
@NullMarked
package dev.realtime.limits;

import org.jspecify.annotations.NullMarked;
