/** The backend of a cluster on Redis. */
@NullMarked
package dev.realtime.redis;

import org.jspecify.annotations.NullMarked;
