/** Options of the Engine.IO transports: heartbeat, compression, cookie, and which web pages may connect. */
@NullMarked
package dev.realtime.transport;

import org.jspecify.annotations.NullMarked;
