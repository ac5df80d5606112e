package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its reply without a thread. Grizzly's request and response are touched on the connection's selector thread
 * only.
 */
final class Exchange implements HttpExchange {
    private final RequestView view;
    private final Request request;
    private final Response response;
    private final TCPNIOConnection connection;
    private final StalledReaders stalled;
    private final Deadlines deadlines;
    private final Duration patience;
    private final AtomicBoolean replied = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile @Nullable BodyReader body;
    private @Nullable SocketEnd end;

    private Exchange(
            Request request, Response response, StalledReaders stalled, Deadlines deadlines, Duration patience) {
        this.view = RequestViews.of(request.getRequest());
        this.request = request;
        this.response = response;
        this.connection = (TCPNIOConnection) request.getContext().getConnection();
        this.stalled = stalled;
        this.deadlines = deadlines;
        this.patience = patience;
    }

    /** Called by Grizzly's handler, on the selector thread. */
    static Exchange begin(
            Request request, Response response, StalledReaders stalled, Deadlines deadlines, Duration patience) {
        Exchange exchange = new Exchange(request, response, stalled, deadlines, patience);
        response.suspend();
        IdleConnections.answering(exchange.connection);
        exchange.end = SocketEnd.of(exchange.connection, exchange::clientGone);
        if (!hasBody(request)) {
            HeldRequest.begin(exchange.connection);
        }
        return exchange;
    }

    private static boolean hasBody(Request request) {
        return request.getRequest().isChunked() || request.getRequest().getContentLength() > 0;
    }

    @Override
    public RequestView request() {
        return view;
    }

    @Override
    public CompletionStage<byte[]> body(int limit) {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        if (request.getRequest().getContentLength() > limit) {
            whole.completeExceptionally(new BodyTooLargeException(limit));
        } else if (!hasBody(request)) {
            whole.complete(new byte[0]);
        } else {
            BodyReader reader = new BodyReader(connection, request, limit, whole);
            body = reader;
            var deadline = deadlines.after(
                    patience,
                    () -> SelectorThread.run(connection, () -> reader.fail(new IOException("body took too long"))));
            var unused = whole.whenComplete((bytes, failure) -> {
                deadline.cancel();
                if (failure == null && !replied.get()) {
                    HeldRequest.begin(connection);
                }
            });
            SelectorThread.run(connection, reader::start);
        }
        return whole;
    }

    @Override
    public void reply(HttpReply reply) {
        if (replied.compareAndSet(false, true)) {
            SelectorThread.later(connection, () -> send(reply)); // Grizzly must have left its handler call
        }
    }

    private void send(HttpReply reply) {
        HeldRequest.end(connection);
        IdleConnections.answered(connection);
        SocketEnd watched = end;
        if (watched != null) {
            watched.forget();
        }
        if (!connection.isOpen() || gone.isDone()) {
            return;
        }
        BodyReader reader = body;
        boolean unread = hasBody(request) && (reader == null || !reader.isWhole());
        response.setStatus(reply.status());
        reply.headers().forEach((name, value) -> {
            if (name.equalsIgnoreCase("Content-Type")) {
                response.setContentType(value); // Grizzly drops it as an ordinary header
            } else {
                response.setHeader(name, value);
            }
        });
        response.setContentLength(reply.body().length);
        if (unread) {
            response.setHeader("Connection", "close"); // the rest of the body is not worth reading
        }
        try {
            if (!view.method().equals("HEAD")) {
                response.getNIOOutputStream().write(reply.body());
            }
        } catch (IOException | RuntimeException e) {
            connection.terminateSilently();
            return;
        }
        response.resume();
        SelectorThread.resumeReading(
                connection, () -> true); // Grizzly forgets to, when reading was turned on in between
        if (unread) {
            // Grizzly skips the rest: a client that still sends reads its reply instead of meeting a reset. With a
            // limit.
            deadlines.after(patience, connection::terminateSilently);
        }
        stalled.watch(connection);
    }

    @Override
    public void onAbort(Runnable aborted) {
        var unused = gone.thenRun(aborted);
    }

    private void clientGone() {
        BodyReader reader = body;
        if (reader != null) {
            reader.fail(new IOException("client is gone"));
        }
        if (!replied.get()) {
            gone.complete(null);
        }
    }
}
