package dev.realtime.internal.logs;

import dev.realtime.logs.LogKeys;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Ids;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Says in the MDC of a thread whose code runs on it, if that is wanted. What was there before is there again behind it, even what the application has put under the same
 * keys. Thread-safe.
 */
public final class LogContext {
    /** Nobody wants to know. */
    public static final LogContext OFF = new LogContext("", null, false);

    private static final String[] KEYS = LogKeys.ALL.toArray(String[]::new);
    private static final int PREFIX = 8;
    private static final int BASE = 36;
    private static final int LONGEST = 200; // as BoundedLog has it

    private final String node;
    private final @Nullable String prefix; // of what is made here; null: off
    private final boolean carries;
    private final AtomicLong numbers = new AtomicLong();

    /** Something that has been entered, and is left once, on the same thread. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        /** Nothing has been. */
        Scope NONE = () -> {};

        @Override
        void close();
    }

    private LogContext(String node, @Nullable String prefix, boolean carries) {
        this.node = Objects.requireNonNull(fit(node));
        this.prefix = prefix;
        this.carries = carries;
    }

    /**
     * @param carries whether what is emitted takes its correlation along
     * @param ids tells what is made here from what is made by others
     */
    public static LogContext of(String node, boolean carries, Ids ids) {
        String id = ids.next();
        return new LogContext(node, id.substring(0, Math.min(PREFIX, id.length())), carries);
    }

    public boolean isOn() {
        return prefix != null;
    }

    /** A name for what follows from an event that has come just now; null if nobody wants to know. */
    public @Nullable String correlation() {
        return prefix == null ? null : prefix + '-' + Long.toString(numbers.incrementAndGet(), BASE);
    }

    /** What goes along with an event that is emitted on this thread: what the application says, and what the event follows from. */
    public Map<String, String> carried(Map<String, String> headers) {
        if (!carries || headers.containsKey(LogKeys.HEADER)) {
            return headers;
        }
        String correlation = MDC.get(LogKeys.CORRELATION);
        return correlation == null || correlation.isEmpty()
                ? headers
                : HeaderRoom.with(headers, LogKeys.HEADER, plain(correlation));
    }

    /** What may stand in a header, if the application has put something else there. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            plain.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return plain.toString();
    }

    /** Code that is of no session. */
    public Scope enter(@Nullable String namespace, @Nullable String event, @Nullable String correlation) {
        return enter(namespace, null, null, event, correlation);
    }

    /** Whatever is null is not known. */
    public Scope enter(
            @Nullable String namespace,
            @Nullable String session,
            @Nullable String user,
            @Nullable String event,
            @Nullable String correlation) {
        return prefix == null
                ? Scope.NONE
                : enter(node, fit(namespace), fit(session), fit(user), fit(event), fit(correlation));
    }

    private static Scope enter(@Nullable String... values) {
        @Nullable String[] before = here();
        set(before, values);
        return () -> set(here(), before);
    }

    /** Code of which no more is known than where it runs. */
    public Runnable inNode(Runnable task) {
        return () -> {
            Scope scope = enter(null, null, null);
            try {
                task.run();
            } finally {
                scope.close();
            }
        };
    }

    /** What this thread says, for something that follows from what it does and runs elsewhere. */
    public Executor here(Executor executor) {
        if (prefix == null) {
            return executor;
        }
        @Nullable String[] values = here();
        return isEmpty(values)
                ? executor
                : task -> executor.execute(() -> {
                    Scope scope = enter(values);
                    try {
                        task.run();
                    } finally {
                        scope.close();
                    }
                });
    }

    /** The same, for something that runs once. */
    public Runnable here(Runnable task) {
        if (prefix == null) {
            return task;
        }
        @Nullable String[] values = here();
        return isEmpty(values)
                ? task
                : () -> {
                    Scope scope = enter(values);
                    try {
                        task.run();
                    } finally {
                        scope.close();
                    }
                };
    }

    private static boolean isEmpty(@Nullable String[] values) {
        for (String value : values) {
            if (value != null) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String[] here() {
        @Nullable String[] values = new @Nullable String[KEYS.length];
        for (int i = 0; i < KEYS.length; i++) {
            values[i] = MDC.get(KEYS[i]);
        }
        return values;
    }

    private static void set(@Nullable String[] from, @Nullable String[] to) {
        for (int i = 0; i < KEYS.length; i++) {
            String value = to[i];
            if (Objects.equals(from[i], value)) {
                continue;
            }
            if (value == null) {
                MDC.remove(KEYS[i]);
            } else {
                MDC.put(KEYS[i], value);
            }
        }
    }

    /** What may stand in any line, whatever a client has called itself. */
    static @Nullable String fit(@Nullable String value) {
        return value == null || isFit(value) ? value : BoundedLog.clean(value);
    }

    private static boolean isFit(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                return false;
            }
        }
        return value.length() <= LONGEST;
    }
}
