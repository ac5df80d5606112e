package dev.realtime.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins what an engine does to the traces of an application: {@code realtime-micrometer} has one for Micrometer's Observation. An engine that has none spends a look at a final
 * field on it.
 *
 * <p>A trace goes from a client's handshake or from another node into {@link #begin}, and from {@link Span#headers()} to other nodes, as W3C's {@code traceparent} and {@code
 * tracestate}. The engine passes on no others, and none that is malformed. Implementations are thread-safe and do not block; what they throw is counted ({@code
 * observers.failed}), logged, and goes no further.
 */
public interface EngineTracer {

    /** What is done. */
    enum Work {
        /** An event of a client, or of the application on another node, is handled. */
        HANDLE,
        /** An event is emitted. */
        EMIT,
        /** An event from the log is delivered on a node. */
        DELIVER,
        /** Clients or other nodes are asked, until they have answered. */
        ASK
    }

    /**
     * Work begins. For {@link Work#EMIT} and {@link Work#ASK} it is part of what this thread is doing; else of what the cause says, and of nothing if that is empty.
     *
     * @param event the name of the application's contract
     * @param cause {@code traceparent} and perhaps {@code tracestate}, both well-formed; empty where nothing is known
     * @return what is to be ended; null if it is of no interest
     */
    @Nullable
    Span begin(Work work, String namespace, String event, Map<String, String> cause);

    /** Some work. Thread-safe, but for its scopes. */
    interface Span {

        /** Makes it what this thread is doing, until the scope is closed on the same thread. */
        Scope enter();

        /** What goes along to other nodes: {@code traceparent} and perhaps {@code tracestate}; empty for nothing. */
        Map<String, String> headers();

        /**
         * It has ended; called once, on any thread.
         *
         * @param failure what the application has thrown, if it has; null where all is well
         */
        void end(@Nullable Throwable failure);
    }

    /** A part of a thread's time. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
