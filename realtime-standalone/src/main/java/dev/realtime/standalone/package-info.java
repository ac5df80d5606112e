/**
 * The standalone server: WebSocket, long-polling, health, metrics, static files and small REST handlers on one port, on Tyrus and
 * Grizzly. It reaches the engine through {@link dev.realtime.spi.TransportDoors} only. What is unusual here, and why:
 *
 * <ul>
 *   <li><b>Tyrus shakes hands and speaks control frames, data frames are ours.</b> Tyrus's own read handler keeps the largest buffer a
 *       connection ever needed, allocates a character decoder per message and does not enforce limits on whole messages. So
 *       {@link dev.realtime.standalone.FrameReader} parses, unmasks and counts, before memory is spent.
 *   <li><b>One ordered way to the socket.</b> {@link dev.realtime.standalone.DirectWriter} copies a batch of shared, already framed
 *       bytes into one direct buffer and writes it with one system call. What the socket does not take goes to Grizzly's queue, and
 *       from then on everything queues behind it, until Grizzly's queue is empty. With TLS everything goes through the filter chain.
 *   <li><b>HTTP is ours too.</b> Grizzly's codec takes what two readers of the same bytes understand differently, holds request, headers
 *       and buffers for as long as a connection lives, and knows no place for a client that leaves while its request is held.
 *       {@link dev.realtime.standalone.HttpConnection} reads one request after the other, each to the letter, and an upgraded connection
 *       changes its filter chain to transport, TLS and WebSocket.
 *   <li><b>I/O threads run the engine and nothing else.</b> REST handlers and files run on a bounded worker pool.
 *   <li><b>A stalled peer cannot keep a socket, nor the kernel's buffers.</b> Every socket is reset when it is closed. Whoever is let go
 *       politely first gets the end of our direction, behind all that was written, and some time to read it.
 *   <li><b>Compressed messages keep no context between them</b> ({@code server_no_context_takeover}), so one compressed frame serves
 *       every recipient and an idle connection owns no zlib memory.
 * </ul>
 */
@NullMarked
package dev.realtime.standalone;

import org.jspecify.annotations.NullMarked;
