package dev.realtime.jakarta;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One HTTP request held open by the container's asynchronous processing: no thread waits for its body or for its reply. */
final class ServletExchange implements HttpExchange, AsyncListener {
    private static final byte[] NOTHING = {};

    private final RequestView view;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext async;
    private final Closers closers;
    private final ClientLog log;
    private final TransportDoors doors;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final InboundBudget.Share unread;

    private ServletExchange(
            RequestView view,
            HttpServletRequest request,
            AsyncContext async,
            Closers closers,
            ClientLog log,
            TransportDoors doors) {
        this.view = view;
        this.request = request;
        this.response = (HttpServletResponse) async.getResponse();
        this.async = async;
        this.closers = closers;
        this.log = log;
        this.doors = doors;
        this.unread = doors.inbound().share(InboundBudget.Use.UNREAD, view.remoteAddress());
    }

    static ServletExchange start(
            RequestView view,
            HttpServletRequest request,
            HttpServletResponse response,
            Closers closers,
            ClientLog log,
            TransportDoors doors) {
        AsyncContext async = request.startAsync(request, response);
        // the engine ends a poll, patience ends a body
        async.setTimeout(0);
        ServletExchange exchange = new ServletExchange(view, request, async, closers, log, doors);
        async.addListener(exchange);
        return exchange;
    }

    @Override
    public RequestView request() {
        return view;
    }

    @Override
    public CompletionStage<byte[]> body(int limit) {
        if (request.getContentLengthLong() > limit) {
            body.completeExceptionally(new BodyTooLargeException(limit));
            return body;
        }
        if (request.getContentLengthLong() == 0) { // of which Tomcat tells nobody who asks on a thread of its own
            body.complete(NOTHING);
            return body;
        }
        Duration patience = doors.patience();
        Runnable cancel = closers.after(
                patience,
                () -> body.completeExceptionally(new IOException("the request body took longer than " + patience)));
        var unused = body.whenComplete((bytes, failure) -> cancel.run());
        try {
            var in = request.getInputStream();
            in.setReadListener(new BodyReader(in, limit, body, this::broken));
        } catch (IOException | RuntimeException failed) {
            body.completeExceptionally(new IOException("the request cannot be read", failed));
        }
        return body;
    }

    @Override
    public void reply(HttpReply reply) {
        if (ended.compareAndSet(false, true)) {
            try {
                send(reply);
            } catch (IOException | RuntimeException failed) {
                unanswered(failed);
                complete();
            }
        }
    }

    /** Gives the request back to the servlet, on a thread of the container, instead of a reply. */
    void comeBack() {
        if (ended.compareAndSet(false, true)) {
            try {
                async.dispatch();
            } catch (IllegalStateException over) {
                log.failed(view.remoteAddress(), "the container has given its request up", over);
                complete();
            }
        }
    }

    private void send(HttpReply reply) throws IOException {
        response.setStatus(reply.status());
        reply.headers().forEach(response::setHeader);
        boolean incomplete = leavesRequestUnread();
        if (incomplete) {
            // else the container would read, or wait for, what nobody wants
            response.setHeader("Connection", "close");
        }
        byte[] content = reply.body();
        if (reply.status() != HttpServletResponse.SC_NO_CONTENT) {
            response.setContentLength(content.length);
        }
        boolean empty = content.length == 0 || view.method().equals("HEAD");
        if (empty && !incomplete) {
            async.complete();
        } else {
            // without a listener Undertow reads the rest of the request first, on this thread
            var out = response.getOutputStream();
            out.setWriteListener(new ReplyWriter(async, out, empty ? NOTHING : content, unread, this::unanswered));
        }
    }

    private void unanswered(Throwable cause) {
        log.failed(view.remoteAddress(), "it went away before it had its reply", cause);
    }

    private boolean leavesRequestUnread() {
        boolean announced = request.getContentLengthLong() > 0 || view.header("transfer-encoding") != null;
        return announced && (!body.isDone() || body.isCompletedExceptionally());
    }

    @Override
    public void onAbort(Runnable task) {
        var unused = gone.thenRun(task);
    }

    private void aborted() {
        unread.close();
        body.completeExceptionally(new IOException("the client went away"));
        if (ended.compareAndSet(false, true)) {
            gone.complete(null);
        }
    }

    /** Nobody is there to be answered: the container wants its request back. */
    private void broken() {
        aborted();
        complete();
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException already) {
            // by the container
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        aborted();
    }

    @Override
    public void onError(AsyncEvent event) {
        broken();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        broken();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
