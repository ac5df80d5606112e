package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import dev.realtime.spi.HttpReply;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where REST handlers and files run: {@value #THREADS} threads, {@value #WAITING} requests may wait, the next one gets a 503. */
final class Workers implements AutoCloseable {
    static final int THREADS = 16;
    static final int WAITING = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                Thread thread = new Thread(task, "realtime-worker-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    Workers() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Reads the body, then lets the handler answer on a worker. */
    void answer(HttpExchange exchange, int maxBody, RestHandler handler) {
        exchange.body(maxBody).whenComplete((body, failure) -> {
            if (failure instanceof BodyTooLargeException) {
                exchange.reply(Json.error(413, "body is too large"));
            } else if (failure != null) {
                exchange.reply(Json.error(408, "body did not arrive"));
            } else {
                submit(exchange, body, handler);
            }
        });
    }

    private void submit(HttpExchange exchange, byte[] body, RestHandler handler) {
        try {
            threads.execute(() -> exchange.reply(run(exchange, body, handler)));
        } catch (RejectedExecutionException e) {
            exchange.reply(Json.error(503, "server is busy", "Retry-After", "1"));
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static HttpReply run(HttpExchange exchange, byte[] body, RestHandler handler) {
        try {
            return handler.handle(exchange.request(), body);
        } catch (Exception e) {
            LOG.error("REST handler failed", e);
            return Json.error(500, "internal error");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
