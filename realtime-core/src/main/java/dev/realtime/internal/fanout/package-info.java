/** One place per namespace where log entries and volatile events meet their recipients, in order. */
@NullMarked
package dev.realtime.internal.fanout;

import org.jspecify.annotations.NullMarked;
