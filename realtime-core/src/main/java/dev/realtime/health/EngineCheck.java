package dev.realtime.health;

import java.util.Arrays;
import java.util.Locale;

/** What the engine itself checks. */
public enum EngineCheck {
    /** Fails while the backend cannot be reached, and the node goes on by itself. */
    BACKEND,
    /** Fails while too many of the connections are open that there may be. */
    CONNECTIONS,
    /** Fails while clients send more than the node is said to bear. */
    EVENT_RATE,
    /** Fails while too much of the heap is in use. */
    MEMORY;

    /** Returns its name in a report: {@code backend}, {@code connections}, {@code event_rate}, {@code memory}. */
    public String checkName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static boolean isName(String name) {
        return Arrays.stream(values()).anyMatch(check -> check.checkName().equals(name));
    }
}
