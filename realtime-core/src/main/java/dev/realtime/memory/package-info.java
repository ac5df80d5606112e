/** The backend of a single node, in the memory of its process: {@link dev.realtime.memory.InMemoryBackend}. */
@NullMarked
package dev.realtime.memory;

import org.jspecify.annotations.NullMarked;
