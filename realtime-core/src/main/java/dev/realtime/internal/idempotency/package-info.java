/** Requests that are handled once in a cluster: who may run a handler, who waits for its answer, and for how long that is kept. */
@NullMarked
package dev.realtime.internal.idempotency;

import org.jspecify.annotations.NullMarked;
