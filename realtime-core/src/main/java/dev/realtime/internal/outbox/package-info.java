/** The outbox: what waits to be written to one connection, bounded, with one write in flight and a named overflow. */
@NullMarked
package dev.realtime.internal.outbox;

import org.jspecify.annotations.NullMarked;
