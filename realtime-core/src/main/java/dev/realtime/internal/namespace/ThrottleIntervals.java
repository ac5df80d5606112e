package dev.realtime.internal.namespace;

import dev.realtime.Event;
import dev.realtime.internal.fanout.Throttling;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the application says of how often a client gets events of a key. Thread-safe. */
final class ThrottleIntervals implements Throttling.Interval<LocalSession> {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottleIntervals.class);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration OF_A_FAILURE = Duration.ofMillis(100);

    private final Throttle options;
    private final NodeRuntime runtime;

    ThrottleIntervals(Throttle options, NodeRuntime runtime) {
        this.options = options;
        this.runtime = runtime;
    }

    /** @param tick of the namespace; null if it has none */
    Throttling<LocalSession> throttling(@Nullable Duration tick) {
        return new Throttling<>(
                options.events().stream().map(Event::name).collect(Collectors.toUnmodifiableSet()),
                options.most(),
                Throttle.BYTES,
                tick == null ? Throttle.TICK : tick,
                this);
    }

    @Override
    public long after(LocalSession session, String key) {
        Duration interval = OF_A_FAILURE;
        try {
            interval = options.interval().after(session, key);
            if (interval.compareTo(LONGEST) > 0) {
                interval = LONGEST;
            }
        } catch (RuntimeException | Error e) {
            interval = OF_A_FAILURE;
            runtime.lines()
                    .error(LOG, runtime.node(), "the interval of a throttle failed; it counts as {}", OF_A_FAILURE, e);
        }
        return interval.isNegative() ? 0 : interval.toNanos();
    }
}
