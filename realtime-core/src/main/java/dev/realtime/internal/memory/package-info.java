/** The backend of a single node, in the memory of its process. */
@NullMarked
package dev.realtime.internal.memory;

import org.jspecify.annotations.NullMarked;
