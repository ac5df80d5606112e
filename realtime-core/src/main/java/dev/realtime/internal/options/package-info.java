/** Checks of the values that users give to options. */
@NullMarked
package dev.realtime.internal.options;

import org.jspecify.annotations.NullMarked;
