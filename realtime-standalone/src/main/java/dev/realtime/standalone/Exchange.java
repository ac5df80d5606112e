package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request that waits for its reply without a thread. */
final class Exchange implements HttpExchange {
    private final HttpConnection connection;
    private final HttpServer server;
    private final RequestView view;
    private final long announced;
    private volatile boolean working;
    private final AtomicBoolean replied = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** @param announced bytes of the body, zero when the request does not say */
    Exchange(HttpConnection connection, HttpServer server, RequestView view, long announced) {
        this.connection = connection;
        this.server = server;
        this.view = view;
        this.announced = announced;
    }

    @Override
    public RequestView request() {
        return view;
    }

    /** The port it came in by. */
    int port() {
        return connection.port();
    }

    /** The engine counts what it asks for before it asks. */
    @Override
    public CompletionStage<byte[]> body(int limit) {
        return body(limit, null);
    }

    /** As {@link #body(int)}, on the node's account of what is arriving, for those who do not count it themselves. */
    CompletionStage<byte[]> countedBody(int limit) {
        return body(limit, server.inbound().share(InboundBudget.Use.ARRIVING, view.remoteAddress()));
    }

    private CompletionStage<byte[]> body(int limit, InboundBudget.@Nullable Share room) {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        if (announced > limit) {
            whole.completeExceptionally(new BodyTooLargeException(limit));
            return whole;
        }
        BodyCollector collector = new BodyCollector(limit, announced, room, whole);
        DeadlineTimer.Deadline deadline = server.deadlines()
                .after(
                        server.patience(),
                        () -> connection.run(() -> collector.fail(new IOException("body took too long"))));
        var unused = whole.whenComplete((bytes, failure) -> deadline.cancel());
        connection.run(() -> connection.collect(this, collector));
        return whole;
    }

    /** A handler of the application works on it, and will answer. */
    void working() {
        working = true;
    }

    /** The server stops, and nobody is going to answer. */
    void giveUp() {
        if (!working) {
            reply(JsonReplies.error(503, "server is stopping"));
        }
    }

    @Override
    public void reply(HttpReply reply) {
        if (replied.compareAndSet(false, true)) {
            connection.run(() -> connection.send(this, reply));
        }
    }

    /** A reply whose body is read piece by piece while the client takes it; its own body is ignored. */
    void reply(HttpReply start, Download body) {
        if (replied.compareAndSet(false, true)) {
            connection.run(() -> connection.send(this, start, body));
        } else {
            body.close();
        }
    }

    @Override
    public void onAbort(Runnable aborted) {
        var unused = gone.thenRun(aborted);
    }

    /** The socket has ended, or its client has broken the rules, before the reply. */
    void clientGone() {
        if (!replied.get()) {
            gone.complete(null);
        }
    }
}
