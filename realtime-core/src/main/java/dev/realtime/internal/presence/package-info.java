/** Presence: a fold over the namespace's log, and what a node adds to it of its own sessions. */
@NullMarked
package dev.realtime.internal.presence;

import org.jspecify.annotations.NullMarked;
