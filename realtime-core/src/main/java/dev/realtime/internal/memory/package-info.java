/** The backend in memory, of one node or of a cluster that lives in one process. */
@NullMarked
package dev.realtime.internal.memory;

import org.jspecify.annotations.NullMarked;
