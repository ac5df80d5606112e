package dev.realtime.internal.namespace;

import dev.realtime.Position;
import dev.realtime.envelope.HeaderListener;
import dev.realtime.internal.fanout.HeaderReader;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.traces.TracedWork;
import dev.realtime.logs.LogKeys;
import dev.realtime.spi.EngineTracer;
import dev.realtime.spi.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application of events with headers, beside the fan-out. */
final class HeaderListeners implements HeaderReader {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderListeners.class);

    private final String namespace;
    private final NamespaceHandlers handlers;
    private final NodeRuntime runtime;

    HeaderListeners(String namespace, NamespaceHandlers handlers, NodeRuntime runtime) {
        this.namespace = namespace;
        this.handlers = handlers;
        this.runtime = runtime;
    }

    @Override
    public void delivered(Position at, LogEntry.Emit emit) {
        runtime.workers().handlers().execute(() -> tell(at, emit));
    }

    private void tell(Position at, LogEntry.Emit emit) {
        String event = EventHead.ofData(new String(emit.event().json(), StandardCharsets.UTF_8))
                .name();
        Map<String, String> headers = emit.terms().headers();
        TracedWork work = runtime.traces().delivering(namespace, event, headers);
        LogContext.Scope context = runtime.logs().enter(namespace, event, headers.get(LogKeys.HEADER));
        EngineTracer.Scope scope = work.enter();
        try {
            for (HeaderListener listener : handlers.onHeaders()) {
                tell(listener, event, headers, at);
            }
        } finally {
            scope.close();
            context.close();

            work.end(null);
        }
    }

    private void tell(HeaderListener listener, String event, Map<String, String> headers, Position at) {
        try {
            listener.delivered(event, headers, at);
        } catch (Exception | Error e) {
            runtime.lines().error(LOG, event, "a listener of headers failed for event {}", event, e);
            handlers.errors().failed(runtime.lines(), null, "onHeaders", e);
        }
    }
}
