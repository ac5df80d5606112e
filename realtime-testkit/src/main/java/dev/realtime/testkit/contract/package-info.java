/**
 * Contracts of the SPI as tests. Whoever writes a backend, a transport, a clock or a codec extends the class for it and runs what every
 * implementation must pass.
 */
@NullMarked
package dev.realtime.testkit.contract;

import org.jspecify.annotations.NullMarked;
