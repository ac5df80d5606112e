/** The fan-out: the one place of a namespace where log entries and volatile events reach their recipients, in order. */
@NullMarked
package dev.realtime.internal.fanout;

import org.jspecify.annotations.NullMarked;
