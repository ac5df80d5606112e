/** The pace at which many clients are sent elsewhere. */
@NullMarked
package dev.realtime.internal.drain;

import org.jspecify.annotations.NullMarked;
