package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where REST handlers and files run: {@value #THREADS} threads, {@value #WAITING} requests may wait, the next one gets a 503. An address has a
 * {@linkplain RequestShares share} of both.
 */
final class RestWorkers implements AutoCloseable {
    static final int THREADS = 16;
    static final int WAITING = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(RestWorkers.class);

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "realtime-rest-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private final RequestShares shares;
    private final InboundBudget inbound;
    private final BoundedLog lines;

    /**
     * @param each threads of one address at a time; it has the same part of the line
     * @param queued counts a request that has to wait behind others of its address
     */
    RestWorkers(int each, Runnable queued, InboundBudget inbound, BoundedLog lines) {
        this.shares = new RequestShares(threads, THREADS, each, WAITING, WAITING * each / THREADS, queued);
        this.inbound = inbound;
        this.lines = lines;
        threads.allowCoreThreadTimeOut(true);
    }

    /** Reads the body, then lets the handler answer on a worker. The body stays on the node's account until it has. */
    void answer(Exchange exchange, int maxBody, RestHandler handler) {
        exchange.countedBody(maxBody).whenComplete((body, failure) -> {
            if (failure instanceof BodyTooLargeException) {
                exchange.reply(JsonReplies.error(413, "body is too large"));
            } else if (failure instanceof BodyCollector.NoRoomException) {
                exchange.reply(busy());
            } else if (failure != null) {
                exchange.reply(JsonReplies.error(408, "body did not arrive"));
            } else if (inbound.take(
                    InboundBudget.Use.WAITING, exchange.request().remoteAddress(), body.length)) {
                handle(exchange, body, handler);
            } else {
                exchange.reply(busy());
            }
        });
    }

    private void handle(Exchange exchange, byte[] body, RestHandler handler) {
        submit(
                exchange,
                () -> {
                    HttpReply reply = JsonReplies.error(500, "internal error");
                    try {
                        reply = run(exchange, body, handler);
                    } finally {
                        inbound.give(
                                InboundBudget.Use.WAITING, exchange.request().remoteAddress(), body.length);
                        exchange.reply(reply);
                    }
                },
                () -> inbound.give(InboundBudget.Use.WAITING, exchange.request().remoteAddress(), body.length));
    }

    /** Answers with a file. */
    void serve(Exchange exchange, StaticFiles folder) {
        submit(
                exchange,
                () -> {
                    try {
                        folder.serve(exchange, shares.of(client(exchange)), lines);
                    } catch (IOException | RuntimeException e) {
                        lines.error(LOG, client(exchange), "cannot serve a file", e);
                        exchange.reply(JsonReplies.error(500, "internal error"));
                    }
                },
                () -> {});
    }

    private void submit(Exchange exchange, Runnable task, Runnable refused) {
        exchange.working();
        if (!shares.submit(client(exchange), task)) {
            refused.run();
            exchange.reply(busy());
        }
    }

    private static HttpReply busy() {
        return JsonReplies.error(503, "server is busy", "Retry-After", "1");
    }

    /** Whatever becomes of the handler, its client gets an answer; an error that is the JVM's goes on to the thread. */
    private HttpReply run(Exchange exchange, byte[] body, RestHandler handler) {
        HttpReply reply = null;
        try {
            reply = handler.handle(exchange.request(), body);
            if (reply == null) {
                lines.error(LOG, client(exchange), "REST handler gave no reply");
            }
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            lines.error(LOG, client(exchange), "REST handler failed", e);
        }
        return reply == null ? JsonReplies.error(500, "internal error") : reply;
    }

    /** Under what a client's share and its lines in the log are counted. */
    private static String client(Exchange exchange) {
        return AddressKey.of(exchange.request().remoteAddress());
    }

    @Override
    public void close() {
        shares.close();
        threads.shutdownNow();
    }
}
