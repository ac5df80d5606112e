package dev.realtime.internal.limits;

import dev.realtime.limits.RefusalListener;
import dev.realtime.limits.RefusedAttempt;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the application what its clients were refused, one refusal after another on its own threads. One client is heard of at a pace, and so many refusals
 * wait at most; what is left out is counted. Thread-safe.
 */
public final class RefusalReports {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalReports.class);
    private static final int MOST_WAITING = 1_024;
    private static final int REPORT = 0;

    private final Time time;
    private final RateScope clients;
    private final List<RefusalListener> ofAll;
    private final Executor executor;
    private final BoundedLog lines;
    private final Runnable omitted;
    private final Queue<Report> waiting = new ArrayDeque<>(); // guarded by this
    private boolean telling; // guarded by this

    private record Report(List<RefusalListener> listeners, RefusedAttempt attempt) {}

    /**
     * @param ofAll told of all refusals
     * @param executor runs code of the application
     * @param omitted told of each refusal that nobody is told of
     */
    public RefusalReports(
            Time time,
            RateGate rates,
            List<RefusalListener> ofAll,
            Executor executor,
            BoundedLog lines,
            Runnable omitted) {
        this.time = time;
        this.clients = rates.scope(Pace.of(10, Duration.ofSeconds(1), 50));
        this.ofAll = List.copyOf(ofAll);
        this.executor = executor;
        this.lines = lines;
        this.omitted = omitted;
    }

    Time time() {
        return time;
    }

    /** Returns those who are told of a refusal in a namespace. */
    List<RefusalListener> and(List<RefusalListener> own) {
        if (own.isEmpty()) {
            return ofAll;
        }
        return Stream.concat(own.stream(), ofAll.stream()).toList();
    }

    /** Tells them, later. */
    void report(List<RefusalListener> listeners, RefusedAttempt attempt) {
        boolean first = false;
        boolean isStep = attempt.step().isPresent(); // there are few of them, and they are an audit
        boolean room = isStep || clients.admits(attempt.client(), REPORT);
        synchronized (this) {
            room = room && waiting.size() < (isStep ? 2 * MOST_WAITING : MOST_WAITING);
            if (room) {
                waiting.add(new Report(listeners, attempt));
                first = !telling;
                telling = true;
            }
        }
        if (!room) {
            omitted.run();
        } else if (first) {
            executor.execute(this::tell);
        }
    }

    private void tell() {
        Report next;
        while ((next = next()) != null) {
            for (RefusalListener listener : next.listeners) {
                try {
                    listener.refused(next.attempt);
                } catch (Exception | Error e) {
                    lines.error(LOG, next.attempt.client(), "the listener for refusals failed", e);
                }
            }
        }
    }

    private synchronized @Nullable Report next() {
        Report next = waiting.poll();
        telling = next != null;
        return next;
    }
}
