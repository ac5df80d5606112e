/** How a client comes in: admission, resume, restore and catch-up of a session; and how sessions of dead nodes come here. */
@NullMarked
package dev.realtime.internal.recovery;

import org.jspecify.annotations.NullMarked;
