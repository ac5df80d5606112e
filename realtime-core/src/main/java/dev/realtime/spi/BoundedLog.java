package dev.realtime.spi;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes the log lines that a client or a peer can cause: of each kind a few per client, and a bounded number from all of them together, in
 * each span of ten seconds. What goes beyond is counted, and the next line of that kind says how many were left out. Whatever is written
 * stays on one line: control characters are replaced and long texts are cut.
 *
 * <p>A kind of line is its format, which therefore has to be a constant. Thread-safe.
 *
 * <pre>{@code
 * lines.info(LOG, request.remoteAddress(), "client at {} broke the protocol: {}", request.remoteAddress(), what);
 * }</pre>
 */
public final class BoundedLog {
    /** How many lines of one kind one client may cause in a span unless somebody says otherwise. */
    public static final int DEFAULT_LINES = 5;

    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final int CLIENTS = 20; // with all their lines, in a span
    private static final int MAX_LENGTH = 200;

    private final LongSupplier nanoTime;
    private final int linesOfOne;
    private final Runnable omission;
    private final LongAdder omitted = new LongAdder();
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /** @param nanoTime a monotonic clock in nanoseconds */
    public BoundedLog(LongSupplier nanoTime) {
        this(nanoTime, DEFAULT_LINES, () -> {});
    }

    /**
     * @param nanoTime a monotonic clock in nanoseconds
     * @param linesOfOne of one kind from one client in ten seconds; twenty times as many from all
     * @param omission called for each line that is left out
     */
    public BoundedLog(LongSupplier nanoTime, int linesOfOne, Runnable omission) {
        this.nanoTime = nanoTime;
        this.linesOfOne = linesOfOne;
        this.omission = omission;
    }

    /** How many lines have been left out so far. */
    public long omitted() {
        return omitted.sum();
    }

    public void debug(Logger logger, Object client, String format, @Nullable Object... arguments) {
        write(logger, Level.DEBUG, client, format, arguments);
    }

    public void info(Logger logger, Object client, String format, @Nullable Object... arguments) {
        write(logger, Level.INFO, client, format, arguments);
    }

    public void warn(Logger logger, Object client, String format, @Nullable Object... arguments) {
        write(logger, Level.WARN, client, format, arguments);
    }

    public void error(Logger logger, Object client, String format, @Nullable Object... arguments) {
        write(logger, Level.ERROR, client, format, arguments);
    }

    /**
     * @param client whose lines are counted together: an address, or another name of whoever caused it
     * @param arguments as SLF4J takes them; a last one that is a {@link Throwable} is written with its stack
     */
    private void write(Logger logger, Level level, Object client, String format, @Nullable Object... arguments) {
        if (!logger.isEnabledForLevel(level)) {
            return;
        }
        long before = kinds.computeIfAbsent(format, kind -> new Kind(nanoTime.getAsLong()))
                .take(client);
        if (before < 0) {
            omitted.increment();
            omission.run();
            return;
        }
        int count = arguments.length;
        Throwable cause = count > 0 && arguments[count - 1] instanceof Throwable thrown ? thrown : null;
        @Nullable Object[] all = new @Nullable Object[count + (before > 0 ? 1 : 0)];
        int texts = cause == null ? count : count - 1;
        for (int i = 0; i < texts; i++) {
            all[i] = arguments[i] instanceof Number number ? number : clean(String.valueOf(arguments[i]));
        }
        String text = format;
        if (before > 0) {
            text = format + " ({} more of these were left out)";
            all[texts] = before;
        }
        if (cause != null) {
            all[all.length - 1] = OneLine.of(cause);
        }
        logger.atLevel(level).log(text, all);
    }

    /** A text that somebody else has chosen, fit for one line of a log: short, and without anything that a terminal obeys. */
    public static String clean(String text) {
        int length = Math.min(text.length(), MAX_LENGTH);
        StringBuilder safe = new StringBuilder(length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            safe.append(isPlain(c) ? c : '?');
        }
        return text.length() > length ? safe.append('…').toString() : safe.toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    /** Lines with one format. */
    private final class Kind {
        // guarded by this
        private final Map<Object, Integer> clients =
                new HashMap<>(); // who has caused a line in this span: no more than lines
        private long since;
        private int lines;
        private long left;

        Kind(long since) {
            this.since = since;
        }

        /** -1 for no line, else how many were left out before this one. */
        synchronized long take(Object client) {
            long now = nanoTime.getAsLong();
            if (Math.abs(now - since) >= SPAN.toNanos()) {
                since = now;
                lines = 0;
                clients.clear();
            }
            if (lines >= CLIENTS * linesOfOne || clients.getOrDefault(client, 0) >= linesOfOne) {
                left++;
                return -1;
            }
            lines++;
            clients.merge(client, 1, Integer::sum);
            long before = left;
            left = 0;
            return before;
        }
    }

    /** A failure whose texts stay on one line each; the original where they do so by themselves. */
    @SuppressWarnings(
            "OverrideThrowableToString") // it is written under the original's name, which its text begins with
    private static final class OneLine extends Throwable {
        private static final long serialVersionUID = 1;
        private static final int MAX_CAUSES = 8;

        private final String text;

        private OneLine(String text, Throwable original, @Nullable Throwable cause) {
            super(text, cause, false, true);
            this.text = text;
            setStackTrace(original.getStackTrace());
        }

        static Throwable of(Throwable original) {
            boolean plain = true;
            int causes = 0;
            for (Throwable one = original; one != null && causes++ < MAX_CAUSES; one = one.getCause()) {
                String message = String.valueOf(one.getMessage());
                plain &= clean(message).equals(message) && one.getSuppressed().length == 0;
            }
            return plain && causes < MAX_CAUSES ? original : cleaned(original, 0);
        }

        private static Throwable cleaned(Throwable original, int depth) {
            Throwable cause = original.getCause();
            return new OneLine(
                    clean(original.toString()),
                    original,
                    cause == null || depth == MAX_CAUSES ? null : cleaned(cause, depth + 1));
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
