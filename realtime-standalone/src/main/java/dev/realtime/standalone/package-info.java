/**
 * The standalone server: WebSocket, long-polling, health, metrics, static files and small REST handlers on one port, on
 * Grizzly. It reaches the engine through {@link dev.realtime.spi.TransportDoors} only. What is unusual here, and why:
 *
 * <ul>
 *   <li><b>WebSocket is ours.</b> The handshake is one SHA-1 and a few header checks ({@link dev.realtime.standalone.WebSocketHandshake});
 *       everybody connects at once when a node has died, so it must cost no more than that.
 *       {@link dev.realtime.standalone.FrameReader} parses, unmasks and counts before memory is spent.
 *   <li><b>There is one ordered way to the socket.</b> {@link dev.realtime.standalone.DirectWriter} copies a batch of shared, already framed
 *       bytes into one direct buffer and writes it with one system call. What the socket does not take goes to Grizzly's queue, and
 *       from then on everything queues behind it until that queue is empty. With TLS everything goes through the filter chain.
 *   <li><b>HTTP/1.1 is ours too.</b> Grizzly's codec accepts requests that two readers can understand differently, holds request, headers
 *       and buffers for as long as a connection lives, and does not notice a client that leaves while its request is held.
 *       {@link dev.realtime.standalone.HttpConnection} reads one request after the other, strictly. An upgraded connection
 *       gets a filter chain of transport, TLS and WebSocket only, so an idle one keeps nothing of its HTTP request.
 *   <li><b>I/O threads run the engine and nothing else.</b> REST handlers and files run on a bounded pool of workers.
 *   <li><b>A busy I/O thread pauses briefly before its next turn</b> ({@link dev.realtime.standalone.GatheringSelector}), so that one turn
 *       serves more connections; not after a turn that served one.
 *   <li><b>A stalled peer keeps neither a socket nor the kernel's buffers.</b> Sockets do not linger: one that is closed is reset. A polite end
 *       first closes our direction, behind everything that was written, and gives the peer some time to read it.
 *   <li><b>Compressed messages keep no context between them</b> ({@code server_no_context_takeover}), so one compressed frame serves
 *       every recipient and an idle connection owns no zlib memory.
 * </ul>
 */
@NullMarked
package dev.realtime.standalone;

import org.jspecify.annotations.NullMarked;
