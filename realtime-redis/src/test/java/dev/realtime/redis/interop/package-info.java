/** Nodes of the library beside real servers of Node.js on one real Redis. */
@NullMarked
package dev.realtime.redis.interop;

import org.jspecify.annotations.NullMarked;
