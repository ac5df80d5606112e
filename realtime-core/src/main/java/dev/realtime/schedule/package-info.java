/** Events that are emitted later; see {@link dev.realtime.schedule.Schedule}. */
@NullMarked
package dev.realtime.schedule;

import org.jspecify.annotations.NullMarked;
