/** The backend of a cluster that lives in one process. */
@NullMarked
package dev.realtime.internal.memory;

import org.jspecify.annotations.NullMarked;
