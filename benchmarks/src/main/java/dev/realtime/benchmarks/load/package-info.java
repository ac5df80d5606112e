/**
 * The load generator: raw Socket.IO clients on one thread and one selector, so cheap that the server is what a run
 * measures. It counts frames where they lie in the read buffer and builds no string or object per message.
 */
@NullMarked
package dev.realtime.benchmarks.load;

import org.jspecify.annotations.NullMarked;
