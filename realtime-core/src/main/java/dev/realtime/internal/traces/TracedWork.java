package dev.realtime.internal.traces;

import dev.realtime.spi.EngineTracer;
import dev.realtime.spi.EngineTracer.Scope;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some work as the engine sees it: it ends once, and a tracer that fails does no harm. Thread-safe. */
public final class TracedWork {
    /** Nobody follows it. */
    public static final TracedWork NONE = new TracedWork(null, failure -> {});

    private static final Scope NOTHING = () -> {};

    private final EngineTracer.@Nullable Span span;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean ended = new AtomicBoolean();

    TracedWork(EngineTracer.@Nullable Span span, Consumer<Throwable> failed) {
        this.span = span;
        this.failed = failed;
    }

    /** Makes it what this thread is doing, until that is closed. */
    public Scope enter() {
        if (span == null) {
            return NOTHING;
        }
        try {
            Scope scope = span.enter();
            return () -> {
                try {
                    scope.close();
                } catch (RuntimeException | Error e) {
                    failed.accept(e);
                }
            };
        } catch (RuntimeException | Error e) {
            failed.accept(e);
            return NOTHING;
        }
    }

    /** What goes along to other nodes. */
    Map<String, String> headers() {
        if (span == null) {
            return Map.of();
        }
        try {
            return TraceHeaders.of(span.headers());
        } catch (RuntimeException | Error e) {
            failed.accept(e);
            return Map.of();
        }
    }

    /** @param failure null where all is well */
    public void end(@Nullable Throwable failure) {
        if (span != null && ended.compareAndSet(false, true)) {
            try {
                span.end(failure);
            } catch (RuntimeException | Error e) {
                failed.accept(e);
            }
        }
    }
}
