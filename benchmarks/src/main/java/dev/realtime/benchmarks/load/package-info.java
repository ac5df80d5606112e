/**
 * The load generator: raw Socket.IO clients on one thread and one selector, so cheap that a run measures the
 * server. It counts frames in the read buffer and builds no string or object per message.
 */
@NullMarked
package dev.realtime.benchmarks.load;

import org.jspecify.annotations.NullMarked;
