/**
 * What transports, backends and codecs implement. Nothing here knows Tyrus, Jakarta, Jedis or a wire library; each type fits
 * on one screen. Implementations depend on this package and on {@link dev.realtime} only.
 */
@NullMarked
package dev.realtime.spi;

import org.jspecify.annotations.NullMarked;
