/**
 * The format of messages, stream entries and session records in Redis: that of {@code @socket.io/redis-streams-adapter} 0.3, and what we
 * add to it. Pure functions of bytes; nothing here talks to Redis.
 *
 * <p>Anybody may have written what comes from Redis. It is checked, and a message that is not valid is
 * refused as a whole. What is ours and not upstream's has a type above 100 or stands in a member that upstream does not read.
 */
@NullMarked
package dev.realtime.redis.internal.wire;

import org.jspecify.annotations.NullMarked;
