package dev.realtime.internal.requests;

import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.session.ServerRoute;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.traces.TracedWork;
import dev.realtime.logs.LogKeys;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EngineTracer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what the application on other nodes says to the application on this one. Handlers run on workers, several at once. */
public final class ServerEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);

    private final String namespace;
    private final NodeRuntime runtime;
    private final NamespaceHandlers handlers;
    private final Payloads payloads;
    private final Bus bus;

    public ServerEvents(String namespace, NodeRuntime runtime, NamespaceHandlers handlers, Payloads payloads, Bus bus) {
        this.namespace = namespace;
        this.runtime = runtime;
        this.handlers = handlers;
        this.payloads = payloads;
        this.bus = bus;
    }

    void heard(String from, BusMessage.ServerEvent event) {
        runtime.workers().handlers().execute(() -> {
            EventHead head = EventHead.ofData(new String(event.event().json(), StandardCharsets.UTF_8));
            ServerRoute route = handlers.serverRoutes().get(head.name());
            if (route == null) {
                runtime.lines().debug(LOG, from, "nobody here handles the server event '{}'", head.name());
                return;
            }
            follow(from, event, head, route);
        });
    }

    private void follow(String from, BusMessage.ServerEvent event, EventHead head, ServerRoute route) {
        Map<String, String> headers = event.terms().headers();
        String name = route.contract().name();
        TracedWork work = runtime.traces().handling(namespace, name, headers);
        LogContext.Scope context = runtime.logs().enter(namespace, name, headers.get(LogKeys.HEADER));
        EngineTracer.Scope scope = work.enter();
        try {
            work.end(handle(from, event, head, route));
        } catch (Error e) {
            work.end(e);
            throw e;
        } finally {
            scope.close();
            context.close();
        }
    }

    /** Returns what the application has thrown; null if it has not. */
    private @Nullable Exception handle(String from, BusMessage.ServerEvent event, EventHead head, ServerRoute route) {
        String name = route.contract().name();
        try {
            Object payload = payloads.bind(
                    route.contract(), head.arguments(), event.event().attachments());
            call(from, event.id(), route, payload);
            return null;
        } catch (Exception e) {
            runtime.lines().error(LOG, from, "the handler of the server event '{}' failed", name, e);
            handlers.errors().failed(runtime.lines(), null, name, e);
            return e;
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the payload was bound by this route's own contract; Void means null
    private void call(String from, @Nullable String id, ServerRoute route, @Nullable Object payload) throws Exception {
        if (route instanceof ServerRoute.OfEvent<?> event) {
            ((ServerRoute.OfEvent<@Nullable Object>) event).handler().handle(from, payload);
            return;
        }
        ServerRoute.OfRequest<@Nullable Object, ?> request = (ServerRoute.OfRequest<@Nullable Object, ?>) route;
        Object reply = request.handler().handle(from, payload);
        if (id != null) {
            bus.send(from, new BusMessage.ServerReply(id, payloads.reply(request.request(), reply)));
        }
    }
}
