package dev.realtime.spi;

import java.util.concurrent.CompletionStage;

/** One HTTP request that waits for its reply without a thread. Implemented by a transport; all methods may be called from any thread. */
public interface HttpExchange {

    RequestView request();

    /**
     * Reads the body without blocking the caller. The engine has taken room for it from {@link TransportDoors#inbound()} before it asks, so the
     * transport does not count it again.
     *
     * @return completes with the bytes; or exceptionally with {@link BodyTooLargeException} as soon as more than {@code limit}
     *     bytes were announced or seen, or with an {@link java.io.IOException} when the client went away or took longer than
     *     {@link TransportDoors#patience()}
     */
    CompletionStage<byte[]> body(int limit);

    /** Sends the reply; called exactly once. A client that has gone is ignored. */
    void reply(HttpReply reply);

    /** {@code gone} runs once if the client goes away before {@link #reply} was called; at once if it has gone already. */
    void onAbort(Runnable gone);

    /** The body is larger than allowed. */
    final class BodyTooLargeException extends java.io.IOException {
        private static final long serialVersionUID = 1;

        public BodyTooLargeException(int limit) {
            super("body exceeds " + limit + " bytes");
        }
    }
}
