package dev.realtime.redis.internal.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Numbered, so that of two epochs everybody knows the later, and named at random, so that no two are taken for one. */
public record Epoch(long number, String text) {

    /** None yet. */
    public static final Epoch NONE = new Epoch(0, "");

    /** Reads the stored form; anything else is an epoch before the first. */
    public static Epoch parse(@Nullable String text) {
        if (text == null) {
            return NONE;
        }
        int dash = text.indexOf('-');
        if (dash > 0 && dash <= 18) {
            try {
                return new Epoch(Long.parseLong(text, 0, dash, 10), text);
            } catch (NumberFormatException e) {
                // somebody else's
            }
        }
        return new Epoch(0, text);
    }

    /** One that is later than both. */
    public Epoch next(Epoch other) {
        long next = Math.max(number, other.number) + 1;
        return new Epoch(next, next + "-" + UUID.randomUUID());
    }

    public boolean isLaterThan(Epoch other) {
        return number > other.number;
    }
}
