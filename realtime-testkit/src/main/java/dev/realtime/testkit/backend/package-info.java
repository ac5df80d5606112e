/** A backend that the engines of one process share as if it were a server: only bytes reach it, over connections that may fail. */
@NullMarked
package dev.realtime.testkit.backend;

import org.jspecify.annotations.NullMarked;
