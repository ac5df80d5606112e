package dev.realtime.redis.faults;

import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;

/** Sends texts over one WebSocket, each when the one before it has left: a WebSocket of the JDK refuses a text while another is on its way. Thread-safe. */
final class TextSender {
    private final WebSocket socket;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null); // guarded by this

    TextSender(WebSocket socket) {
        this.socket = socket;
    }

    /** Completes when the text has left, or fails. */
    synchronized CompletableFuture<?> send(String text) {
        CompletableFuture<?> sent =
                last.handle((before, failure) -> null).thenCompose(before -> socket.sendText(text, true));
        last = sent;
        return sent;
    }

    /** Ends the connection at once. */
    void abort() {
        socket.abort();
    }
}
