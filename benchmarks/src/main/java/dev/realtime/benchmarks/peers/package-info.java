/**
 * The servers under load, each a plain {@code main} with {@code --port N}: every connection joins the room {@code all},
 * {@code bcast} with a payload goes to the room as {@code msg}, {@code echo} acknowledges with its payload.
 */
@NullMarked
package dev.realtime.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
