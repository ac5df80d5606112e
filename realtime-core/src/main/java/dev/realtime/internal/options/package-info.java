/** Checks of option values, and the messages that name the option, its value and what would be right. */
@NullMarked
package dev.realtime.internal.options;

import org.jspecify.annotations.NullMarked;
