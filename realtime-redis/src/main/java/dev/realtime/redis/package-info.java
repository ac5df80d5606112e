/** The backend of a cluster on Redis, {@link dev.realtime.redis.RedisBackend}, and a publisher for processes that are no nodes. */
@NullMarked
package dev.realtime.redis;

import org.jspecify.annotations.NullMarked;
