/** Requests whose handler runs once, however often they are sent. See {@link dev.realtime.idempotency.Idempotency}. */
@NullMarked
package dev.realtime.idempotency;

import org.jspecify.annotations.NullMarked;
