/** Presence: who is there, in which state, and how many are in a room, the same on all nodes of a cluster. */
@NullMarked
package dev.realtime.presence;

import org.jspecify.annotations.NullMarked;
