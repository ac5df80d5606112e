/** The only package that touches the machine: clock, timer thread, randomness and worker threads. */
@NullMarked
package dev.realtime.internal.system;

import org.jspecify.annotations.NullMarked;
