package dev.realtime.internal.options;

import java.time.Duration;
import java.util.Objects;

/** Checks that an option's value is in its range; the message names the option, what would be right and what was given. */
public final class Range {
    private static final long[] UNITS = {86_400_000, 3_600_000, 60_000, 1_000};
    private static final String[] NAMES = {" d", " h", " min", " s"};

    private Range() {}

    /**
     * Returns the value if it is large enough.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static int atLeast(int least, String option, int value) {
        check(value >= least, option, "at least " + least, value);
        return value;
    }

    /**
     * Returns the value if it is large enough.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static long atLeast(long least, String option, long value) {
        check(value >= least, option, "at least " + least, value);
        return value;
    }

    /**
     * Returns the value if it lies between both bounds or is one of them.
     *
     * @throws IllegalArgumentException if it does not
     */
    public static int between(int least, int most, String option, int value) {
        check(value >= least && value <= most, option, "between " + least + " and " + most, value);
        return value;
    }

    /**
     * Returns the value if it lies between both bounds or is one of them.
     *
     * @throws IllegalArgumentException if it does not
     */
    public static Duration between(Duration least, Duration most, String option, Duration value) {
        check(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                option,
                "between " + text(least) + " and " + text(most),
                value);
        return value;
    }

    /**
     * Checks any other condition.
     *
     * @param right what would be right, as it follows "must be"
     * @throws IllegalArgumentException if the condition does not hold
     */
    public static void check(boolean holds, String option, String right, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(option + " must be " + right + ", but is " + value);
        }
    }

    /**
     * Checks the name of something: what UTF-8 cannot carry would be another name's in the store.
     *
     * @throws IllegalArgumentException if it is empty, longer, or has a surrogate without its partner
     */
    public static String name(int longest, String option, String value) {
        Objects.requireNonNull(value, option);
        check(
                !value.isEmpty() && value.length() <= longest,
                option,
                "1 to " + longest + " characters long",
                value.isEmpty() ? "empty" : value.length() + " long");
        return wellFormed(option, value);
    }

    /** @throws IllegalArgumentException if it has a surrogate without its partner */
    public static String wellFormed(String option, String value) {
        Objects.requireNonNull(value, option);
        check(isWellFormed(value), option, "well-formed UTF-16", "not: a surrogate has no partner");
        return value;
    }

    /** Whether each surrogate has its partner. */
    public static boolean isWellFormed(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (i + 1 == value.length() || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String text(Duration bound) {
        long millis = bound.toMillis();
        for (int i = 0; i < UNITS.length; i++) {
            if (millis > 0 && millis % UNITS[i] == 0) {
                return millis / UNITS[i] + NAMES[i];
            }
        }
        return millis + " ms";
    }
}
