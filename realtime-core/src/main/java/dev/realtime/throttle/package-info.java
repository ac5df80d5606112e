/** Throttling: how often a client gets volatile events of one key, such as the positions of one player. */
@NullMarked
package dev.realtime.throttle;

import org.jspecify.annotations.NullMarked;
