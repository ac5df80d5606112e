/** A node among others: its lease, the burial of the dead, and what happens when the backend's epoch changes. */
@NullMarked
package dev.realtime.internal.cluster;

import org.jspecify.annotations.NullMarked;
