/** What waits for one connection: bounded, with one write in flight and a named overflow. */
@NullMarked
package dev.realtime.internal.outbox;

import org.jspecify.annotations.NullMarked;
