package dev.realtime.metrics;

import dev.realtime.spi.EngineObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Times and figures by contract, as the engine tells of them. Nothing is made for an event but for the first of its kind. Thread-safe. */
final class EventMeters implements EngineObserver {
    /** Events that are told apart. */
    static final int MOST_EVENTS = 500;

    /** Reasons of refusals that are told apart. */
    static final int MOST_REASONS = 100;

    /** Clients are written to far more often than the size of a batch is worth: one write of so many is measured; a power of two. */
    private static final int ONE_WRITE_OF = 64;

    private static final String UNKNOWN = "unknown";
    private static final String OTHER = "other";

    private static final Duration[] HANDLING = millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000);
    private static final Duration[] DISTANCE = millis(10, 25, 50, 75, 100, 150, 200, 300, 500, 1_000, 5_000);
    private static final Duration[] LOG = millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000);
    private static final double[] FRAMES = {1, 2, 4, 8, 16, 32, 64, 128, 256};

    private final Meters meters;
    private final Map<String, OfEvent> events = new ConcurrentHashMap<>();
    private final OfEvent unknown;
    private final Map<String, String> reasons = new ConcurrentHashMap<>();
    private final Timer appends;
    private final Timer lag;
    private final Timer latency;
    private final DistributionSummary frames;
    private final DistributionSummary bytes;

    /** The meters of one event. Each is made when it is needed; two threads that make the same get the same from the registry. */
    private final class OfEvent {
        private final Tags label;
        private final Map<Outcome, Handled> handled = new ConcurrentHashMap<>();
        private final Samples samples = new Samples();
        private final Map<String, Counter> refused = new ConcurrentHashMap<>();
        private volatile @Nullable Timer ack;
        private volatile @Nullable Timer question;
        private volatile @Nullable Counter reliable;
        private volatile @Nullable Counter lossy;

        OfEvent(String event) {
            this.label = Tags.of("event", event);
        }

        Handled handled(Outcome outcome) {
            Handled known = handled.get(outcome);
            return known != null ? known : handled.computeIfAbsent(outcome, this::made);
        }

        private Handled made(Outcome outcome) {
            Tags labels = label.and("outcome", label(outcome));
            Handled made = new Handled(new LongAdder(), meters.timer("handler", labels, HANDLING));
            meters.functionCounter("events.handled", labels, made.count()::sum);
            return made;
        }

        Timer ack() {
            Timer known = ack;
            if (known == null) {
                known = meters.timer("ack", label, HANDLING);
                ack = known;
            }
            return known;
        }

        Timer question() {
            Timer known = question;
            if (known == null) {
                known = meters.timer("question", label, DISTANCE);
                question = known;
            }
            return known;
        }

        Counter emitted(boolean mayBeLost) {
            Counter known = mayBeLost ? lossy : reliable;
            if (known == null) {
                known = meters.counter("events.emitted", label.and("kind", mayBeLost ? "volatile" : "reliable"));
                if (mayBeLost) {
                    lossy = known;
                } else {
                    reliable = known;
                }
            }
            return known;
        }

        Counter refused(String reason) {
            Counter known = refused.get(reason);
            if (known == null) {
                known = meters.counter("refusals", label.and("reason", reason));
                refused.put(reason, known);
            }
            return known;
        }
    }

    /** All of them are counted, and some are timed. */
    private record Handled(LongAdder count, Timer times) {}

    EventMeters(Meters meters) {
        this.meters = meters;
        this.unknown = new OfEvent(UNKNOWN);
        this.appends = meters.timer("log.append", Tags.empty(), LOG);
        this.lag = meters.timer("log.lag", Tags.empty(), LOG);
        this.latency = meters.timer("client.latency", Tags.empty(), DISTANCE);
        this.frames = meters.summary("write.frames", FRAMES);
        this.bytes = meters.summary("write.bytes", 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144);
    }

    private static Duration[] millis(long... bounds) {
        Duration[] durations = new Duration[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            durations[i] = Duration.ofMillis(bounds[i]);
        }
        return durations;
    }

    private OfEvent of(@Nullable String event) {
        if (event == null) {
            return unknown;
        }
        OfEvent known = events.get(event);
        if (known != null) {
            return known;
        }
        return events.computeIfAbsent(events.size() < MOST_EVENTS ? event : OTHER, OfEvent::new);
    }

    /** Codes of the application are few, unless it makes them up as it goes. */
    private String reason(String code) {
        String known = reasons.get(code);
        if (known != null) {
            return known;
        }
        if (reasons.size() >= MOST_REASONS) {
            return OTHER;
        }
        reasons.put(code, code);
        return code;
    }

    @Override
    public boolean times(@Nullable String event) {
        return of(event).samples.next(meters);
    }

    @Override
    public void handled(String event, Outcome outcome, long nanos) {
        Handled meter = of(event).handled(outcome);
        meter.count().increment();
        if (nanos != NOT_TIMED) {
            meter.times().record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static String label(Outcome outcome) {
        return switch (outcome) {
            case HANDLED -> "handled";
            case REFUSED -> "refused";
            case FAILED -> "failed";
        };
    }

    @Override
    public void refused(@Nullable String event, String code) {
        of(event).refused(reason(code)).increment();
    }

    @Override
    public void acknowledged(@Nullable String event, long nanos) {
        of(event).ack().record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void answered(String event, long nanos) {
        of(event).question().record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void emitted(String event, boolean mayBeLost) {
        of(event).emitted(mayBeLost).increment();
    }

    @Override
    public void appended(long nanos) {
        appends.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void followed(int entries, long millis) {
        lag.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void ponged(long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void wrote(int frameCount, int byteCount) {
        if ((ThreadLocalRandom.current().nextInt() & (ONE_WRITE_OF - 1)) == 0) {
            frames.record(frameCount);
            bytes.record(byteCount);
        }
    }
}
