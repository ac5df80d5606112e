package dev.realtime.logs;

import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;

/**
 * What an engine adds to the log. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().logs(LogOptions.DEFAULT.context(true).slowHandler(Duration.ofMillis(100)));
 * }</pre>
 */
public final class LogOptions {
    /** Nothing is put into the MDC, and a handler is slow from 250 ms on. */
    public static final LogOptions DEFAULT = new LogOptions(false, false, Duration.ofMillis(250));

    private final boolean context;
    private final boolean correlation;
    private final Duration slowHandler;

    private LogOptions(boolean context, boolean correlation, Duration slowHandler) {
        this.context = context;
        this.correlation = correlation;
        this.slowHandler = slowHandler;
    }

    /** Returns whether the MDC says whose code runs. */
    public boolean isContext() {
        return context;
    }

    /**
     * Sets whether SLF4J's MDC has the {@linkplain LogKeys keys of an engine} while code of the application runs: handlers, listeners, interceptors,
     * authenticators, tasks of the scheduler, and what is made to depend on the stages that the library returns. What was there before is there again behind it.
     * Default: false, since it costs each event 0.25 to 0.4 µs with Logback. A binding without an MDC
     * ({@code slf4j-simple}) takes no notice.
     */
    public LogOptions context(boolean on) {
        return new LogOptions(on, on && correlation, slowHandler);
    }

    /** Returns whether what is emitted says what it follows from. */
    public boolean isCorrelation() {
        return correlation;
    }

    /**
     * Sets whether what is emitted says what it follows from: reliable events and {@code serverEmit}, {@code serverRequest} take the {@linkplain LogKeys#CORRELATION
     * correlation} that the MDC of their thread has along to other nodes, as the {@linkplain dev.realtime.Broadcast#header header} {@link LogKeys#HEADER}, where listeners of headers and
     * handlers of other nodes have it in their MDC. A header of that name that the application has set is left as it is. Default: false, since each of these events is larger
     * in the log by it, and costs each node a look at its headers where there are listeners of headers.
     *
     * @param on true turns the {@linkplain #context(boolean) context} on too
     */
    public LogOptions correlation(boolean on) {
        return new LogOptions(context || on, on, slowHandler);
    }

    /** Returns how long a handler may take before the log names it; zero: it is never named. */
    public Duration slowHandler() {
        return slowHandler;
    }

    /**
     * Sets how long a handler or a listener of a session may take before a line of the log names it, at most one a minute for each contract, and the counter {@code
     * handlers.slow} counts it. One that answers by a stage takes until that completes. Default: 250 ms.
     *
     * @param least zero for never, else between 1 ms and 1 h
     * @throws IllegalArgumentException if it is neither
     */
    public LogOptions slowHandler(Duration least) {
        Objects.requireNonNull(least, "slowHandler");
        if (!least.isZero()) {
            Range.between(Duration.ofMillis(1), Duration.ofHours(1), "LogOptions.slowHandler", least);
        }
        return new LogOptions(context, correlation, least);
    }
}
