package dev.realtime.internal.engineio;

/**
 * What a new connection is told: its id, how to use it, and in the headers what its balancer is told.
 *
 * @param mayUpgrade whether a connection over polling may become a WebSocket
 */
record Greetings(ConnectionIds ids, OpenPackets packets, OpeningHeaders headers, boolean mayUpgrade) {}
