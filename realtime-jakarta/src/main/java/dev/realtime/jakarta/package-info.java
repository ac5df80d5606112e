/** The engine's doors in Jakarta containers, and the standalone server. */
@NullMarked
package dev.realtime.jakarta;

import org.jspecify.annotations.NullMarked;
