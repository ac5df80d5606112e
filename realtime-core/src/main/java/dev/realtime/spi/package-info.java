/**
 * The extension points: what transports, backends and codecs implement. Nothing here knows Grizzly, Jakarta, Jedis or a wire library, and
 * implementations depend on this package and on {@link dev.realtime} only.
 */
@NullMarked
package dev.realtime.spi;

import org.jspecify.annotations.NullMarked;
