/**
 * What other services say to a node on Redis channels: heard by one connection, bounded, handled in order on other threads. And commands of
 * administrators, which are signed.
 */
@NullMarked
package dev.realtime.redis.internal.intake;

import org.jspecify.annotations.NullMarked;
