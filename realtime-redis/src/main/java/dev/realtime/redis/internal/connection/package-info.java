/** Connections to Redis: addresses and topology, connections that know which server they reach, pipelined lanes of commands, and the outage. */
@NullMarked
package dev.realtime.redis.internal.connection;

import org.jspecify.annotations.NullMarked;
