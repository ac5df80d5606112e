/** Tables and pictures of {@code docs/performance.md}, made from a file of results. */
@NullMarked
package dev.realtime.benchmarks.page;

import org.jspecify.annotations.NullMarked;
