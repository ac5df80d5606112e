/** Membership in rooms: who was in which room between which positions of the log. */
@NullMarked
package dev.realtime.internal.rooms;

import org.jspecify.annotations.NullMarked;
