package dev.realtime.spi;

import dev.realtime.transport.Compression;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * What the engine offers to a transport: two doors. A WebSocket upgrade is first {@linkplain #upgrade judged}, then opened as a
 * message connection; every other HTTP request is {@linkplain #exchange answered}. Engine.IO itself (handshake, heartbeat,
 * polling, upgrade, close) is behind these doors, so a transport stays thin. Thread-safe; nothing blocks.
 */
public interface TransportDoors {

    /** The path both doors serve, with a slash at both ends; {@code /socket.io/} by default. */
    String path();

    /** The largest message or request body a client may send, in bytes. The transport enforces it (close code 1009). */
    int maxPayload();

    /**
     * What the node may hold of clients. A transport takes from it, as {@link InboundBudget.Use#ARRIVING}, what it keeps of a message or
     * a request body that is not complete, beyond the first {@link InboundBudget#FREE} bytes of a connection; refused, it lets that client
     * go.
     */
    InboundBudget inbound();

    /** How long a client may take to send a request body or to answer a close frame before the transport lets it go. */
    Duration patience();

    /** Whether and from which size messages are to be compressed where the client agrees. */
    Compression compression();

    /**
     * Judges a WebSocket upgrade before the transport answers it. As a rule the returned stage is complete, and the transport goes on at once in the
     * thread of the request. Where the application judges opening requests the stage completes later, on a thread of the engine, with a refusal if the
     * application takes too long. A transport whose client has gone by then cancels the stage as a {@code CompletableFuture}, so that the engine holds
     * no place for it any longer.
     *
     * @return never completes exceptionally, unless it is cancelled
     */
    CompletionStage<UpgradeDecision> upgrade(RequestView request);

    /** Answers one HTTP request (polling, preflight, errors); the reply may come much later and from another thread. */
    void exchange(HttpExchange exchange);
}
