/** What is kept under keys: session records, leases, the epoch. What must be atomic is a Lua script. */
@NullMarked
package dev.realtime.redis.internal.store;

import org.jspecify.annotations.NullMarked;
