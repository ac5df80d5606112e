/** Microbenchmarks and the servers and load generator of the end-to-end comparison. */
@NullMarked
package dev.realtime.benchmarks;

import org.jspecify.annotations.NullMarked;
