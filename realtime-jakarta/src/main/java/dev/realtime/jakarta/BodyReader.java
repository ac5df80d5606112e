package dev.realtime.jakarta;

import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Reads a request body as it arrives, without a thread that waits for it, and no further than the limit. */
final class BodyReader implements ReadListener {
    private final ServletInputStream in;
    private final int limit;
    private final CompletableFuture<byte[]> body;
    private final Runnable gone;
    private final byte[] chunk = new byte[4_096];
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    /** @param gone told when the connection broke while the body was being read */
    BodyReader(ServletInputStream in, int limit, CompletableFuture<byte[]> body, Runnable gone) {
        this.in = in;
        this.limit = limit;
        this.body = body;
        this.gone = gone;
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!body.isDone() && in.isReady() && !in.isFinished()) {
            int count = in.read(chunk);
            if (count < 0) {
                return;
            }
            if (read.size() + count > limit) {
                body.completeExceptionally(new BodyTooLargeException(limit));
                return;
            }
            read.write(chunk, 0, count);
        }
    }

    @Override
    public void onAllDataRead() {
        body.complete(read.toByteArray());
    }

    @Override
    public void onError(Throwable cause) {
        body.completeExceptionally(
                cause instanceof IOException ? cause : new IOException("reading the request failed", cause));
        gone.run();
    }
}
