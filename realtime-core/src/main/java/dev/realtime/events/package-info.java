/** What the engine itself tells clients, and by which events: {@link dev.realtime.events.ClientEvents}. */
@NullMarked
package dev.realtime.events;

import org.jspecify.annotations.NullMarked;
