/**
 * What stands in Redis and what it means: the messages, stream entries and session records of
 * {@code @socket.io/redis-streams-adapter} 0.3, and what we add to them. Pure functions of bytes; nothing here talks to Redis.
 *
 * <p>Whatever comes from Redis may have been written by anybody: it is checked, and a message that does not hold water is
 * refused as a whole. Whatever is ours and not upstream's has a type above 100 or stands in a member that upstream does not read.
 */
@NullMarked
package dev.realtime.redis.internal.wire;

import org.jspecify.annotations.NullMarked;
