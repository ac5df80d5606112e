/** A small multiplayer world, as a template to start from. */
@NullMarked
package dev.realtime.samples.arena;

import org.jspecify.annotations.NullMarked;
