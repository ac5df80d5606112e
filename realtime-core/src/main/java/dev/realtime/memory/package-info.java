/** The backend in memory, of one node or of a cluster that lives in one process: {@link dev.realtime.memory.InMemoryBackend}. */
@NullMarked
package dev.realtime.memory;

import org.jspecify.annotations.NullMarked;
