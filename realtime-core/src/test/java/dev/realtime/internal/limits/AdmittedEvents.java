package dev.realtime.internal.limits;

import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RateLimit.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The plainest account of a rate: a list of all events that have been admitted, which is gone through from its beginning for every question. */
final class AdmittedEvents {
    private final RateLimit limit;
    private final List<Long> times = new ArrayList<>();

    AdmittedEvents(RateLimit limit) {
        this.limit = limit;
    }

    void add(long time) {
        times.add(time);
    }

    int size() {
        return times.size();
    }

    /** How long the next event has to wait by what {@link RateLimit} says. */
    long delay(long now) {
        long from = now;
        Duration shortest = limit.windows().stream()
                .map(Window::period)
                .min(Duration::compareTo)
                .orElseThrow();
        for (Window window : limit.windows()) {
            from = Math.max(from, windowFrom(window.count(), window.period()));
            if (limit.cooldown().isEmpty() || window.period().compareTo(shortest) > 0) {
                from = Math.max(from, burstFrom(window));
            }
        }
        if (limit.cooldown().isPresent()) {
            from = Math.max(from, windowFrom(limit.burst(), limit.cooldown().get()));
        }
        return from - now;
    }

    private long windowFrom(int count, Duration period) {
        return times.size() < count ? Long.MIN_VALUE : times.get(times.size() - count) + period.toNanos();
    }

    /** Behind any event stand only so many as have come at once, and those for which there was time since. */
    private long burstFrom(Window window) {
        long pace = window.period().toNanos() / window.count();
        long from = Long.MIN_VALUE;
        for (int i = 0; i < times.size(); i++) {
            long others = times.size() - i - (window.burst() - 1L);
            from = Math.max(from, others > 0 ? times.get(i) + others * pace : Long.MIN_VALUE);
        }
        return from;
    }

    /** The most events in an interval of this length, wherever it begins. */
    int most(Duration period) {
        int most = 0;
        for (int first = 0, last = 0; last < times.size(); last++) {
            while (times.get(last) - times.get(first) >= period.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
