/** Shared state: a value of the store that changes by compare-and-set, and whose changes are announced by the log. */
@NullMarked
package dev.realtime.internal.state;

import org.jspecify.annotations.NullMarked;
