/** The engine's doors in Jakarta containers. */
@NullMarked
package dev.realtime.jakarta;

import org.jspecify.annotations.NullMarked;
