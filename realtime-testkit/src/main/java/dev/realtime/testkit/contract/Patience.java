package dev.realtime.testkit.contract;

import java.time.Duration;

/** How long the contract waits for what must happen. Generous: it is only used up by a failure. */
final class Patience {
    static final Duration LIMIT = Duration.ofSeconds(15);
    static final int MILLIS = (int) LIMIT.toMillis();

    private Patience() {}
}
