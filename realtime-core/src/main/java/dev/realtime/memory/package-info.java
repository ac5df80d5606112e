/** The backend of a single process: {@link dev.realtime.memory.InMemoryBackend}. */
@NullMarked
package dev.realtime.memory;

import org.jspecify.annotations.NullMarked;
