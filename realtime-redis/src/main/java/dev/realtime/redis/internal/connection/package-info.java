/** Ways to Redis: addresses, links that know whom they speak with, pipelined lanes of commands, and what happens when nobody answers. */
@NullMarked
package dev.realtime.redis.internal.connection;

import org.jspecify.annotations.NullMarked;
