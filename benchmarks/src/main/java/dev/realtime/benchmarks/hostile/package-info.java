/** What clients that mean harm cost a server and those beside them: attacks on a server in a process of its own. */
@NullMarked
package dev.realtime.benchmarks.hostile;

import org.jspecify.annotations.NullMarked;
