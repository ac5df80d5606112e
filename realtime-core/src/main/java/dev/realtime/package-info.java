/** The public API: what an application sees of the engine. */
@NullMarked
package dev.realtime;

import org.jspecify.annotations.NullMarked;
