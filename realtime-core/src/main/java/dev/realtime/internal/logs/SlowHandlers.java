package dev.realtime.internal.logs;

import dev.realtime.spi.BoundedLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the code of the application that has taken long, and names each contract in one line a minute, with how many were left out since. Thread-safe. */
public final class SlowHandlers {
    /** Who is {@linkplain #asked asked}. */
    public static final String AUTHENTICATOR = "authenticator";

    /** The same of all that are asked about a client of whom it is known who it is. */
    public static final String INTERCEPTOR = "interceptor of connects";

    private static final Logger LOG = LoggerFactory.getLogger(SlowHandlers.class);
    private static final long EVERY = Duration.ofMinutes(1).toNanos();
    private static final long MILLI = 1_000_000;

    private final long least;
    private final LongSupplier nanoTime;
    private final Runnable counted;
    private final Map<String, Named> named = new ConcurrentHashMap<>(); // contracts and listeners: code has so many

    /**
     * @param least from when on something is slow; zero: nothing is
     * @param nanoTime a monotonic clock in nanoseconds
     * @param counted called for each
     */
    public SlowHandlers(Duration least, LongSupplier nanoTime, Runnable counted) {
        this.least = least.toNanos();
        this.nanoTime = nanoTime;
        this.counted = counted;
    }

    /** Whether anybody wants to know. */
    public boolean areNamed() {
        return least > 0;
    }

    public long now() {
        return nanoTime.getAsLong();
    }

    boolean isSlow(long nanos) {
        return nanos >= least;
    }

    /**
     * Something that was slow has ended.
     *
     * @param what a contract, or a kind of listener
     * @param session and its user: as they stand in the log
     */
    void ended(String what, String namespace, String session, String user, long nanos) {
        counted.run();
        long before = take(what);
        if (before >= 0) {
            LOG.warn(
                    "the handler of '{}' in {} took {} ms for session {} of user {}{}",
                    BoundedLog.clean(what),
                    BoundedLog.clean(namespace),
                    nanos / MILLI,
                    BoundedLog.clean(session),
                    BoundedLog.clean(user),
                    more(before));
        }
    }

    /** Something has not ended while more came for it. */
    void running(String what, String namespace, String session, String user, long nanos) {
        long before = take(what);
        if (before >= 0) {
            LOG.warn(
                    "the handler of '{}' in {} has been running for {} ms for session {} of user {}, whose next event waits{}",
                    BoundedLog.clean(what),
                    BoundedLog.clean(namespace),
                    nanos / MILLI,
                    BoundedLog.clean(session),
                    BoundedLog.clean(user),
                    more(before));
        }
    }

    /**
     * Somebody has been asked whether a client may come in.
     *
     * @param what who was asked
     * @param address of the client
     */
    public void asked(String what, String namespace, String address, long nanos) {
        if (!areNamed() || !isSlow(nanos)) {
            return;
        }
        counted.run();
        long before = take(what);
        if (before >= 0) {
            LOG.warn(
                    "the {} of {} took {} ms for a client at {}{}",
                    what,
                    BoundedLog.clean(namespace),
                    nanos / MILLI,
                    BoundedLog.clean(address),
                    more(before));
        }
    }

    private static String more(long before) {
        return before == 0 ? "" : " (" + before + " more of its lines were left out)";
    }

    private long take(String what) {
        return named.computeIfAbsent(what, first -> new Named(now() - EVERY)).take(now());
    }

    /** One contract. */
    private static final class Named {
        // guarded by this
        private long last;
        private long left;

        Named(long last) {
            this.last = last;
        }

        /** -1 for no line, else how many were left out before this one. */
        synchronized long take(long now) {
            if (now - last < EVERY) {
                left++;
                return -1;
            }
            last = now;
            long before = left;
            left = 0;
            return before;
        }
    }
}
