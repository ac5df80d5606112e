/** Recovery: admission of a client, resume, restore and catch-up of its session, and the takeover of sessions of dead nodes. */
@NullMarked
package dev.realtime.internal.recovery;

import org.jspecify.annotations.NullMarked;
