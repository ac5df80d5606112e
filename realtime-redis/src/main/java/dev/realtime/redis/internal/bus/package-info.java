/**
 * What nodes tell each other at once and without keeping it: upstream's Pub/Sub channels. One connection hears for all namespaces, one
 * speaks. What is said while a connection is broken is lost, as the bus promises no more; what nobody can take in time is dropped and counted.
 */
@NullMarked
package dev.realtime.redis.internal.bus;

import org.jspecify.annotations.NullMarked;
