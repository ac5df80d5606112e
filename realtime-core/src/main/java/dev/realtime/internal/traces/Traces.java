package dev.realtime.internal.traces;

import dev.realtime.internal.logs.HeaderRoom;
import dev.realtime.spi.EngineTracer;
import dev.realtime.spi.EngineTracer.Work;
import dev.realtime.transport.OpeningRequest;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What of a node's work is part of traces. Thread-safe. */
public final class Traces {
    /** Nothing is. */
    public static final Traces OFF = new Traces(null, failure -> {});

    private final @Nullable EngineTracer tracer;
    private final Consumer<Throwable> failed;

    /**
     * @param tracer null: nobody follows anything
     * @param failed told what it throws
     */
    public Traces(@Nullable EngineTracer tracer, Consumer<Throwable> failed) {
        this.tracer = tracer;
        this.failed = failed;
    }

    public boolean isOn() {
        return tracer != null;
    }

    /**
     * An event of a client is handled.
     *
     * @param request with which the client came; null if it has gone
     */
    public TracedWork handling(String namespace, String event, @Nullable OpeningRequest request) {
        return tracer == null
                ? TracedWork.NONE
                : begin(Work.HANDLE, namespace, event, request == null ? Map.of() : TraceHeaders.of(request));
    }

    /** An event of the application on another node is handled. */
    public TracedWork handling(String namespace, String event, Map<String, String> headers) {
        return tracer == null ? TracedWork.NONE : begin(Work.HANDLE, namespace, event, TraceHeaders.of(headers));
    }

    /** An event is delivered on this node: of interest only if it carries a trace. */
    public TracedWork delivering(String namespace, String event, Map<String, String> headers) {
        Map<String, String> cause = tracer == null ? Map.of() : TraceHeaders.of(headers);
        return cause.isEmpty() ? TracedWork.NONE : begin(Work.DELIVER, namespace, event, cause);
    }

    /** Somebody is asked. */
    public TracedWork asking(String namespace, String event) {
        return begin(Work.ASK, namespace, event, Map.of());
    }

    private TracedWork begin(Work work, String namespace, String event, Map<String, String> cause) {
        if (tracer == null) {
            return TracedWork.NONE;
        }
        try {
            EngineTracer.Span span = tracer.begin(work, namespace, event, cause);
            return span == null ? TracedWork.NONE : new TracedWork(span, failed);
        } catch (RuntimeException | Error e) {
            failed.accept(e);
            return TracedWork.NONE;
        }
    }

    /** What goes along with an event that this thread emits, beside what the application says: nothing if that has a trace. */
    public Map<String, String> emitting(String namespace, String event, Map<String, String> headers) {
        if (tracer == null || headers.containsKey(TraceHeaders.PARENT)) {
            return headers;
        }
        TracedWork work = begin(Work.EMIT, namespace, event, Map.of());
        Map<String, String> all = with(headers, work);
        work.end(null);
        return all;
    }

    /** What goes along with a question. */
    public static Map<String, String> with(Map<String, String> headers, TracedWork work) {
        Map<String, String> own = work.headers();
        String parent = own.get(TraceHeaders.PARENT);
        if (parent == null) {
            return headers;
        }
        Map<String, String> more = HeaderRoom.with(headers, TraceHeaders.PARENT, parent);
        String state = own.get(TraceHeaders.STATE);
        return state == null || more == headers || more.containsKey(TraceHeaders.STATE)
                ? more
                : HeaderRoom.with(more, TraceHeaders.STATE, state);
    }
}
