package dev.realtime.spi;

import dev.realtime.Event;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the server says of an event beside its arguments: for the nodes, never for clients, and never taken from them. A backend carries it as it is, where
 * servers of another kind take no notice of it. Immutable.
 *
 * @param lifeMillis so long the event is worth delivering, counted by the log's clock from when the log took it; {@link #WITHOUT_END} for always
 * @param headers what the application gives along, such as a correlation id: {@link #MAX_HEADERS} at most, together {@link #MAX_HEADER_LENGTH}
 *     characters at most, visible ASCII and spaces
 */
public record EventTerms(long lifeMillis, Map<String, String> headers) {
    /** How many headers an event has at most. */
    public static final int MAX_HEADERS = 16;
    /** Characters of all names and values together. */
    public static final int MAX_HEADER_LENGTH = 2048;
    /** 30 days. */
    public static final long MAX_LIFE_MILLIS = 30L * 24 * 60 * 60 * 1000;
    /** The life of an event that does not expire. */
    public static final long WITHOUT_END = 0;
    /** Nothing is said. */
    public static final EventTerms NONE = new EventTerms(WITHOUT_END, Map.of());

    private static final int MAX_NAME = 64;

    /** @throws IllegalArgumentException if there are too many headers, one is no header, or the life is out of bounds */
    public EventTerms {
        if (lifeMillis < 0 || lifeMillis > MAX_LIFE_MILLIS) {
            throw new IllegalArgumentException(
                    "the life of an event is 0 (without end) to " + MAX_LIFE_MILLIS + " ms, not " + lifeMillis);
        }
        check(headers);
        headers = headers.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    private static void check(Map<String, String> headers) {
        int length = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!isName(header.getKey())) {
                throw new IllegalArgumentException("the name of an event's header has 1 to " + MAX_NAME
                        + " characters of a-z, 0-9, '-' and '_', but is '" + BoundedLog.clean(header.getKey()) + "'");
            }
            if (!header.getValue().chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw new IllegalArgumentException(
                        "the event's header '" + header.getKey() + "' has characters that are not visible ASCII");
            }
            length += header.getKey().length() + header.getValue().length();
        }
        if (headers.size() > MAX_HEADERS || length > MAX_HEADER_LENGTH) {
            throw new IllegalArgumentException("an event has at most " + MAX_HEADERS + " headers of together "
                    + MAX_HEADER_LENGTH + " characters, not " + headers.size() + " of " + length);
        }
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NAME
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }

    /** What a contract and headers of the application say. */
    public static EventTerms of(Event.Contract<?> contract, Map<String, String> headers) {
        Duration life = contract.expiresAfter().orElse(null);
        return life == null && headers.isEmpty()
                ? NONE
                : new EventTerms(life == null ? WITHOUT_END : life.toMillis(), headers);
    }

    /**
     * When the event has expired, by the log's clock; {@link Long#MAX_VALUE} for never.
     *
     * @param at when the log took it
     */
    public long expiry(long at) {
        return lifeMillis == WITHOUT_END ? Long.MAX_VALUE : at + lifeMillis;
    }

    /** Whether nothing is said, so that it need not be carried. */
    public boolean isNone() {
        return lifeMillis == WITHOUT_END && headers.isEmpty();
    }
}
