/** Engine.IO v4: the doors for transports, the judge of opening requests, sockets, heartbeat, long-polling, WebSocket and upgrade. */
@NullMarked
package dev.realtime.internal.engineio;

import org.jspecify.annotations.NullMarked;
