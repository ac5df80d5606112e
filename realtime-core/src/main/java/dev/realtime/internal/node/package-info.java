/** What all parts of one node share: options, clock, threads, counters, lifetime. */
@NullMarked
package dev.realtime.internal.node;

import org.jspecify.annotations.NullMarked;
