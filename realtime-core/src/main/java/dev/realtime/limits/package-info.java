/** What clients may ask of a server, and what may wait for them: {@link dev.realtime.limits.Limits}. */
@NullMarked
package dev.realtime.limits;

import org.jspecify.annotations.NullMarked;
