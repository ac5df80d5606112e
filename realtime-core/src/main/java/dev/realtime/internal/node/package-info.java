/** What every part of one node shares: its options, its seams and its counters. */
@NullMarked
package dev.realtime.internal.node;

import org.jspecify.annotations.NullMarked;
