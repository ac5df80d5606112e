/** The examples of README.md, compiled and run. */
@NullMarked
package dev.realtime.readme;

import org.jspecify.annotations.NullMarked;
