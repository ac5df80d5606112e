package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.HttpReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every HTTP request comes through here and goes to the engine, a page of the server's own, a REST handler or a file. */
final class RequestRouter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRouter.class);

    private final ServedEngine engine;
    private final Map<String, RestHandler> handlers;
    private final List<StaticFiles> files;
    private final RestWorkers workers;
    private final ManagementDetails details;
    private final BoundedLog lines;
    private volatile boolean stopping;

    RequestRouter(
            ServedEngine engine,
            Map<String, RestHandler> handlers,
            List<StaticFiles> files,
            RestWorkers workers,
            ManagementDetails details,
            BoundedLog lines) {
        this.engine = engine;
        this.handlers = Map.copyOf(handlers);
        this.files = List.copyOf(files);
        this.workers = workers;
        this.details = details;
        this.lines = lines;
    }

    void stopping() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    void service(Exchange exchange) {
        try {
            if (details.isManagement(exchange.port())) {
                manage(exchange, exchange.request().path());
            } else {
                route(exchange, exchange.request().path());
            }
        } catch (RuntimeException e) {
            lines.error(LOG, AddressKey.of(exchange.request().remoteAddress()), "request failed", e);
            exchange.reply(JsonReplies.error(500, "internal error"));
        }
    }

    private void route(Exchange exchange, String path) {
        RestHandler handler = handlers.get(path);
        if (isEngines(path, engine.doors().path())) {
            engine.doors().exchange(exchange);
        } else if (handler != null) {
            workers.answer(exchange, engine.doors().maxPayload(), handler);
        } else if (path.equals("/metrics") && details.arePublic()) {
            metrics(exchange);
        } else if (!isPage(exchange, path, details.arePublic())) {
            files.stream()
                    .filter(folder -> folder.covers(path))
                    .findFirst()
                    .ifPresentOrElse(
                            folder -> workers.serve(exchange, folder),
                            () -> exchange.reply(JsonReplies.error(404, "not found")));
        }
    }

    private void manage(Exchange exchange, String path) {
        if (path.equals("/metrics")) {
            metrics(exchange);
        } else if (!isPage(exchange, path, true)) {
            exchange.reply(JsonReplies.error(404, "not found"));
        }
    }

    private void metrics(Exchange exchange) {
        RestHandler metrics = details.metrics();
        if (metrics == null) {
            exchange.reply(JsonReplies.error(404, "not found"));
        } else {
            workers.answer(exchange, engine.doors().maxPayload(), metrics);
        }
    }

    /** The engine's path with or without its last slash, and whatever follows it, as in Node.js. */
    static boolean isEngines(String path, String engines) {
        return (path.startsWith(engines) && !path.contains("/..")) || (path + "/").equals(engines);
    }

    /** Returns false if the engine has no such page. */
    private boolean isPage(Exchange exchange, String path, boolean inFull) {
        CompletionStage<HttpReply> page = engine.pages().page(path, inFull);
        if (page == null) {
            return false;
        }
        var unused = page.thenAccept(exchange::reply);
        return true;
    }
}
