package dev.realtime.internal.namespace;

import dev.realtime.Position;
import dev.realtime.envelope.HeaderListener;
import dev.realtime.internal.fanout.HeaderReader;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.system.Workers;
import dev.realtime.logs.LogKeys;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.LogEntry;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application of events with headers, beside the fan-out. */
final class HeaderListeners implements HeaderReader {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderListeners.class);

    private final String namespace;
    private final NamespaceHandlers handlers;
    private final LogContext logs;
    private final Workers workers;
    private final BoundedLog lines;

    HeaderListeners(String namespace, NamespaceHandlers handlers, LogContext logs, Workers workers, BoundedLog lines) {
        this.namespace = namespace;
        this.handlers = handlers;
        this.logs = logs;
        this.workers = workers;
        this.lines = lines;
    }

    @Override
    public void delivered(Position at, LogEntry.Emit emit) {
        workers.handlers().execute(() -> {
            String event = EventHead.ofData(new String(emit.event().json(), StandardCharsets.UTF_8))
                    .name();
            LogContext.Scope scope =
                    logs.enter(namespace, event, emit.terms().headers().get(LogKeys.HEADER));
            try {
                tell(event, at, emit);
            } finally {
                scope.close();
            }
        });
    }

    private void tell(String event, Position at, LogEntry.Emit emit) {
        for (HeaderListener listener : handlers.onHeaders()) {
            try {
                listener.delivered(event, emit.terms().headers(), at);
            } catch (Exception | Error e) {
                lines.error(LOG, event, "a listener of headers failed for event {}", event, e);
                handlers.errors().failed(lines, null, "onHeaders", e);
            }
        }
    }
}
