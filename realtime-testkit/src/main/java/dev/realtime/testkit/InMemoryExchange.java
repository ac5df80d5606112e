package dev.realtime.testkit;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One HTTP request on its way; the engine answers it, a test reads the answer. */
public final class InMemoryExchange implements HttpExchange {
    private final InMemoryTransport transport;
    private final RequestView request;
    private final byte @Nullable [] body;
    private final List<Runnable> abortListeners = new ArrayList<>();
    private Consumer<HttpReply> client = reply -> {};
    private @Nullable HttpReply reply;
    private boolean aborted;

    /** @param body null for one that never ends */
    InMemoryExchange(InMemoryTransport transport, RequestView request, byte @Nullable [] body) {
        this.transport = transport;
        this.request = request;
        this.body = body;
    }

    @Override
    public RequestView request() {
        return request;
    }

    @Override
    public CompletionStage<byte[]> body(int limit) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        if (body == null) {
            var unused = transport
                    .time()
                    .schedule(
                            transport.doors().patience(),
                            () -> transport.engine(() ->
                                    result.completeExceptionally(new IOException("the body did not come in time"))));
        } else if (body.length > limit) {
            result.completeExceptionally(new BodyTooLargeException(limit));
        } else {
            byte[] copy = body.clone();
            transport.network().execute(() -> transport.engine(() -> result.complete(copy)));
        }
        return result;
    }

    @Override
    public synchronized void reply(HttpReply answer) {
        if (transport.isDead()) {
            return;
        }
        if (reply != null) {
            transport.violation("a second reply to " + request + ": " + answer.status() + " after " + reply.status());
            return;
        }
        reply = answer;
        transport.ended(this);
        if (!aborted) {
            Consumer<HttpReply> receiver = client;
            transport.network().execute(() -> receiver.accept(answer));
        }
    }

    @Override
    public synchronized void onAbort(Runnable gone) {
        if (aborted) {
            transport.network().execute(() -> transport.engine(gone));
        } else {
            abortListeners.add(gone);
        }
    }

    /** The client goes away without waiting for the reply. */
    public synchronized void abort() {
        if (!aborted && reply == null) {
            aborted = true;
            transport.ended(this);
            abortListeners.forEach(gone -> transport.network().execute(() -> transport.engine(gone)));
        }
    }

    /** The process at the engine's end is gone. */
    synchronized void fail() {
        if (reply == null && !aborted) {
            aborted = true;
            Consumer<HttpReply> receiver = client;
            transport.ended(this);
            transport.network().execute(() -> receiver.accept(new HttpReply(502, Map.of(), new byte[0])));
        }
    }

    /** The client's network is gone and nobody tells the server: a reply leads nowhere. */
    synchronized void lose() {
        client = answer -> {};
    }

    synchronized void receiver(Consumer<HttpReply> receiver) {
        client = receiver;
    }

    /** The reply, if there is one. */
    public synchronized Optional<HttpReply> reply() {
        return Optional.ofNullable(reply);
    }

    /**
     * The status of the reply.
     *
     * @throws AssertionError when there is none yet
     */
    public int status() {
        return answered().status();
    }

    /** The body of the reply as text. */
    public String text() {
        return new String(answered().body(), StandardCharsets.UTF_8);
    }

    /** A header of the reply, its name in any case. */
    public Optional<String> header(String name) {
        return answered().headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue())
                .findFirst();
    }

    private HttpReply answered() {
        return reply().orElseThrow(() -> new AssertionError("no reply yet to the " + request));
    }
}
