package dev.realtime.javadoc;

import dev.realtime.limits.RateLimit;
import java.util.List;

/** What the Javadoc of {@link RateLimit} shows. */
final class RateLimitExamples {
    private RateLimitExamples() {}

    static List<RateLimit> limits() {
        RateLimit tries = RateLimit.perMinute(20); // 20 in any minute, 4 of them at once
        RateLimit chat = RateLimit.perMinute(20).perHour(500).burst(5); // and no more than 500 in any hour, 5 at once
        return List.of(tries, chat);
    }
}
