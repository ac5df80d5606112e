/**
 * The contracts of the SPI as tests: whoever writes a backend, a clock or a codec extends the class of its kind and runs what every
 * implementation must pass.
 */
@NullMarked
package dev.realtime.testkit.contract;

import org.jspecify.annotations.NullMarked;
