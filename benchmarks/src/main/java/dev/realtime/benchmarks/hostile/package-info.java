/** Attacks on a server in a process of its own: what they cost it, and the honest clients beside them. */
@NullMarked
package dev.realtime.benchmarks.hostile;

import org.jspecify.annotations.NullMarked;
