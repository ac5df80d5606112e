/** The work of an engine as observations of Micrometer, which tracers and registries of meters listen to. */
@NullMarked
package dev.realtime.traces;

import org.jspecify.annotations.NullMarked;
