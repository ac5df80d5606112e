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
 *   <li><b>An upgraded connection changes its filter chain</b>, to transport, TLS and WebSocket. Grizzly's HTTP codec otherwise holds
 *       request, headers and buffers of the handshake for as long as the connection lives.
 *   <li><b>I/O threads run the engine and nothing else.</b> REST handlers and files run on a bounded worker pool.
 *   <li><b>A stalled peer cannot keep a socket.</b> Grizzly's graceful close waits behind what is queued, so every goodbye carries a
 *       deadline after which the socket is terminated.
 *   <li><b>Compressed messages keep no context between them</b> ({@code server_no_context_takeover}), so one compressed frame serves
 *       every recipient and an idle connection owns no zlib memory.
 *   <li><b>A held poll keeps reading.</b> Grizzly stops reading while a response is suspended and would not notice that the client has
 *       left; {@link dev.realtime.standalone.HeldRequest} turns it on again.
 * </ul>
 */
@NullMarked
package dev.realtime.standalone;

import org.jspecify.annotations.NullMarked;
