/** Batches: events of chosen contracts that reach a client together, as one event. */
@NullMarked
package dev.realtime.batches;

import org.jspecify.annotations.NullMarked;
