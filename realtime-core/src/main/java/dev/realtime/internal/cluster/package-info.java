/** A node among others: its lease, the takeover of dead nodes, and changes of the epoch. */
@NullMarked
package dev.realtime.internal.cluster;

import org.jspecify.annotations.NullMarked;
