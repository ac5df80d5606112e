/**
 * The bus between nodes, on the Pub/Sub channels of {@code @socket.io/redis-streams-adapter}. One connection listens for all namespaces, one
 * publishes. Messages that are published while a connection is broken are lost, since the bus promises no more. What nobody takes in time is dropped and
 * counted.
 */
@NullMarked
package dev.realtime.redis.internal.bus;

import org.jspecify.annotations.NullMarked;
