package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.glassfish.grizzly.ReadHandler;
import org.glassfish.grizzly.http.io.NIOInputStream;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/**
 * Collects a request body as it arrives, up to a limit. Selector thread only. Grizzly reads on by itself only while its own handler
 * call lasts; a body that is asked for later, or comes in several pieces, needs reading turned on.
 */
final class BodyReader implements ReadHandler {
    private final TCPNIOConnection connection;
    private final NIOInputStream in;
    private final int limit;
    private final CompletableFuture<byte[]> whole;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile boolean complete;

    BodyReader(TCPNIOConnection connection, Request request, int limit, CompletableFuture<byte[]> whole) {
        this.connection = connection;
        this.in = request.getNIOInputStream();
        this.limit = limit;
        this.whole = whole;
    }

    void start() {
        try {
            more();
        } catch (RuntimeException e) {
            fail(new IOException(e));
        }
    }

    boolean isWhole() {
        return complete;
    }

    void fail(Throwable cause) {
        whole.completeExceptionally(cause);
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (take()) {
            more();
        }
    }

    private void more() {
        in.notifyAvailable(this);
        if (!complete) {
            SelectorThread.resumeReading(connection, () -> !complete && !whole.isDone());
        }
    }

    @Override
    public void onAllDataRead() throws IOException {
        if (take()) {
            complete = true;
            whole.complete(bytes.toByteArray());
        }
    }

    @Override
    public void onError(Throwable cause) {
        fail(cause instanceof IOException ? cause : new IOException(cause));
    }

    private boolean take() throws IOException {
        while (in.isReady() && !whole.isDone()) {
            byte[] chunk = new byte[in.readyData()];
            int n = in.read(chunk);
            if (n <= 0) {
                break;
            }
            if (bytes.size() + n > limit) {
                fail(new BodyTooLargeException(limit));
            } else {
                bytes.write(chunk, 0, n);
            }
        }
        return !whole.isDone();
    }
}
