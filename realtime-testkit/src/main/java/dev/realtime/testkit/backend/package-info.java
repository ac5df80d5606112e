/** A backend that the engines of one process share as if it were a server: nothing but bytes reaches it, over lines that may fail. */
@NullMarked
package dev.realtime.testkit.backend;

import org.jspecify.annotations.NullMarked;
