/** Batches: how events that wait for a client become one event. */
@NullMarked
package dev.realtime.internal.batches;

import org.jspecify.annotations.NullMarked;
