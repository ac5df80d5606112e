package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Somebody honest beside an attack: a session whose events come back to it through a room, one after the other, and one new connection after
 * the other. Waiting counts for all that would have been sent meanwhile.
 */
final class Bystander implements AutoCloseable {
    private static final long EVENT_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long CONNECT_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Dialer dialer;
    private final Activity events = new Activity(EVENT_PAUSE);
    private final Activity connects = new Activity(CONNECT_PAUSE);
    private volatile boolean closed;

    Bystander(Dialer dialer) {
        this.dialer = dialer;
    }

    /**
     * What happened since the last time.
     *
     * @param events from sending an event to having it back, in nanoseconds
     * @param eventFailures how often the connection was lost or not to be had
     * @param connects from nothing to a session, in nanoseconds
     * @param connectFailures how often that failed
     */
    record Figures(Histogram events, int eventFailures, Histogram connects, int connectFailures) {
        String describe() {
            return "event p50 %.1f p99 %.1f max %.0f ms, connect p99 %.0f ms, failures %d of %d and %d of %d"
                    .formatted(
                            millis(events.getValueAtPercentile(50)),
                            millis(events.getValueAtPercentile(99)),
                            millis(events.getMaxValue()),
                            millis(connects.getValueAtPercentile(99)),
                            eventFailures,
                            events.getTotalCount() + eventFailures,
                            connectFailures,
                            connects.getTotalCount() + connectFailures);
        }

        private static double millis(long nanos) {
            return nanos / 1e6;
        }
    }

    void start() {
        thread("bystander-events", this::talk).start();
        thread("bystander-connects", this::comeAndGo).start();
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    Figures take() {
        Activity.Past said = events.take();
        Activity.Past connected = connects.take();
        return new Figures(said.times(), said.failures(), connected.times(), connected.failures());
    }

    /** Whether somebody new is served. */
    boolean isServed() {
        try (WireClient client = enter()) {
            client.send("42[\"say\",\"there?\"]");
            client.await("42[\"said\",\"there?\"");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void talk() {
        while (!closed) {
            try (WireClient client = enter()) {
                for (int i = 0; !closed; i++) {
                    events.begin();
                    client.send("42[\"say\",\"" + i + "\"]");
                    client.await("42[\"said\",\"" + i + "\"");
                    events.end();
                    LockSupport.parkNanos(EVENT_PAUSE);
                }
            } catch (IOException e) {
                events.fail();
                LockSupport.parkNanos(CONNECT_PAUSE);
            }
        }
    }

    private WireClient enter() throws IOException {
        WireClient client = dialer.connect();
        client.send("42[\"enter\",\"square\"]");
        return client;
    }

    private void comeAndGo() {
        while (!closed) {
            connects.begin();
            try (WireClient client = dialer.connect()) {
                connects.end();
                client.send("41");
            } catch (IOException e) {
                connects.fail();
            }
            LockSupport.parkNanos(CONNECT_PAUSE);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The same thing done again and again, and how long it took. */
    private static final class Activity {
        private final long pause;
        private Histogram times = new Histogram(2);
        private int failures;
        private long since;

        Activity(long pause) {
            this.pause = pause;
        }

        record Past(Histogram times, int failures) {}

        synchronized void begin() {
            since = System.nanoTime();
        }

        synchronized void end() {
            record();
            since = 0;
        }

        synchronized void fail() {
            failures++;
            end();
        }

        private void record() {
            if (since != 0) {
                times.recordValueWithExpectedInterval(System.nanoTime() - since, pause);
            }
        }

        /** What still waits belongs to what was. */
        synchronized Past take() {
            record();
            Past past = new Past(times, failures);
            times = new Histogram(2);
            failures = 0;
            if (since != 0) {
                since = System.nanoTime();
            }
            return past;
        }
    }
}
