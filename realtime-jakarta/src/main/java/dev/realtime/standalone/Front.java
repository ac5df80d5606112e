package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import java.util.List;
import java.util.Map;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;

/** Every HTTP request comes through here and goes to the engine, a page of the server's own, a REST handler or a file. */
final class Front extends HttpHandler {
    private final Engine engine;
    private final Map<String, RestHandler> handlers;
    private final List<StaticFiles> files;
    private final Workers workers;
    private final Deadlines deadlines;
    private final StalledReaders stalled;
    private volatile boolean stopping;

    Front(
            Engine engine,
            Map<String, RestHandler> handlers,
            List<StaticFiles> files,
            Workers workers,
            Deadlines deadlines) {
        this.engine = engine;
        this.handlers = Map.copyOf(handlers);
        this.files = List.copyOf(files);
        this.workers = workers;
        this.deadlines = deadlines;
        this.stalled = new StalledReaders(deadlines, engine.doors().patience());
    }

    void stopping() {
        stopping = true;
    }

    @Override
    public void service(Request request, Response response) {
        Exchange exchange = Exchange.begin(
                request, response, stalled, deadlines, engine.doors().patience());
        if (request.getRequest().getAttribute(UpgradeFilter.REFUSED) instanceof HttpReply refused) {
            exchange.reply(refused);
            return;
        }
        try {
            route(exchange, exchange.request().path());
        } catch (RuntimeException e) {
            org.slf4j.LoggerFactory.getLogger(Front.class).error("request failed", e);
            exchange.reply(Json.error(500, "internal error"));
        }
    }

    private void route(Exchange exchange, String path) {
        RestHandler handler = handlers.get(path);
        if (path.equals(engine.doors().path())
                || (path + "/").equals(engine.doors().path())) {
            engine.doors().exchange(exchange);
        } else if (handler != null) {
            workers.answer(exchange, engine.doors().maxPayload(), handler);
        } else if (path.equals("/health")) {
            exchange.reply(health());
        } else if (path.equals("/metrics")) {
            exchange.reply(Metrics.reply(engine.stats().get()));
        } else {
            files.stream()
                    .filter(folder -> folder.covers(path))
                    .findFirst()
                    .ifPresentOrElse(
                            folder -> workers.answer(exchange, 0, folder),
                            () -> exchange.reply(Json.error(404, "not found")));
        }
    }

    private HttpReply health() {
        boolean up = !stopping && engine.isOpen().getAsBoolean();
        String status = !up ? "STOPPING" : engine.isDegraded().getAsBoolean() ? "DEGRADED" : "UP";
        return Json.reply(up ? 200 : 503, "{\"status\":\"" + status + "\"}", Map.of());
    }
}
