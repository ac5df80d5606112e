package dev.realtime.internal.engineio;

import dev.realtime.spi.Ids;

/**
 * What a new connection is told: its id, how to use it, and the cookie with the id.
 *
 * @param mayUpgrade whether a connection over polling may become a WebSocket
 */
record Greetings(Ids ids, OpenPackets packets, SidCookie cookie, boolean mayUpgrade) {}
