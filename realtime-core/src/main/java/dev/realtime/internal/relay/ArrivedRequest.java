package dev.realtime.internal.relay;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A request of a client of this node that has reached another; its reply goes back to that one. Thread-safe. */
final class ArrivedRequest implements HttpExchange {
    private final RequestView request;
    private final byte[] body;
    private final Consumer<HttpReply> answer;
    // guarded by this
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean gone;

    ArrivedRequest(RequestView request, byte[] body, Consumer<HttpReply> answer) {
        this.request = request;
        this.body = body;
        this.answer = answer;
    }

    @Override
    public RequestView request() {
        return request;
    }

    @Override
    public CompletionStage<byte[]> body(int limit) {
        return body.length > limit
                ? CompletableFuture.failedFuture(new BodyTooLargeException(limit))
                : CompletableFuture.completedFuture(body);
    }

    @Override
    public void reply(HttpReply reply) {
        answer.accept(reply);
    }

    @Override
    public void onAbort(Runnable whenGone) {
        synchronized (this) {
            if (!gone) {
                waiting.add(whenGone);
                return;
            }
        }
        whenGone.run();
    }

    /** The client does not wait any longer. */
    void abort() {
        List<Runnable> told;
        synchronized (this) {
            gone = true;
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(Runnable::run);
    }
}
