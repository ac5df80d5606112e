package dev.realtime.javadoc;

import dev.realtime.limits.RateLimit;
import java.time.Duration;
import java.util.List;

/** What the Javadoc of {@link RateLimit} shows. */
final class RateLimitExamples {
    private RateLimitExamples() {}

    static List<RateLimit> limits() {
        // 20 in any minute and 500 in any hour; 5 at once, and then one every three seconds
        RateLimit chat = RateLimit.perMinute(20).perHour(500).burst(5);

        // 5 in any minute and 20 in any hour; never more than 2 within ten seconds
        RateLimit invite = RateLimit.perMinute(5).perHour(20).burst(2).cooldown(Duration.ofSeconds(10));

        // shared by all events that have it
        RateLimit actions = RateLimit.perMinute(150).burst(20).category("actions");
        return List.of(chat, invite, actions);
    }
}
