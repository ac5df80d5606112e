/** Shared state: typed values with versions, by room or by name, the same for all nodes and for the clients that watch them. */
@NullMarked
package dev.realtime.state;

import org.jspecify.annotations.NullMarked;
