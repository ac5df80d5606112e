/** A node among others: its lease, the takeover of dead nodes, and what happens when the backend's epoch changes. */
@NullMarked
package dev.realtime.internal.cluster;

import org.jspecify.annotations.NullMarked;
