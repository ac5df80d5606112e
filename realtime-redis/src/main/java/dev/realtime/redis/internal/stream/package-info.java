/** The log of a namespace on a Redis stream: one writer, one reader, and the followers they feed. */
@NullMarked
package dev.realtime.redis.internal.stream;

import org.jspecify.annotations.NullMarked;
