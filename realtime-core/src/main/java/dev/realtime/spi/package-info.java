/** What transports, backends and codecs implement, and the engine's only way to time, threads and ids. */
@NullMarked
package dev.realtime.spi;

import org.jspecify.annotations.NullMarked;
