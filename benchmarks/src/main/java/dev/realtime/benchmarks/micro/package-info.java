/** JMH benchmarks of single steps of the hot path, on the engine's internals. {@code benchmarks/README.md} says how to run them. */
@NullMarked
package dev.realtime.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
