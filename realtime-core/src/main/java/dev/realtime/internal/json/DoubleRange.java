package dev.realtime.internal.json;

import java.math.BigInteger;

/**
 * The range of doubles, in decimal. Whether a number has a finite double is told by its digits: parsing one costs up to thousands of steps, and a
 * client may send hundreds of thousands of them in a message.
 */
final class DoubleRange {
    /** The least number that rounds to infinity, half a step above the largest double: 309 digits. */
    private static final String BEYOND = BigInteger.ONE
            .shiftLeft(1024)
            .subtract(BigInteger.ONE.shiftLeft(970))
            .toString();

    private static final int BEYOND_EXPONENT = BEYOND.length() - 1;
    /** A number with no more digits than this in front of its point is in the range, whatever they are. */
    static final int SAFE_DIGITS = BEYOND_EXPONENT;

    /** More than any fraction of a number makes up for; exponents further from zero than this count as this. */
    private static final int LARGEST_EXPONENT = 10_000;

    private DoubleRange() {}

    /**
     * Whether a number rounds to a finite double, which includes zero.
     *
     * @param text holds a valid JSON number of at most {@link JsonScanner#MAX_NUMBER_LENGTH} characters
     */
    static boolean holds(String text, int from, int to) {
        int first = -1; // the first digit that is not zero
        int point = -1;
        int end = from;
        for (; end < to; end++) {
            char c = text.charAt(end);
            if (c == 'e' || c == 'E') {
                break;
            }
            if (c == '.') {
                point = end;
            } else if (first < 0 && c >= '1' && c <= '9') {
                first = end;
            }
        }
        if (first < 0) {
            return true;
        }
        int units = point < 0 ? end : point;
        int exponent = exponent(text, end + 1, to) + (first < units ? units - first - 1 : units - first);
        return exponent == BEYOND_EXPONENT ? isBelow(text, first, end) : exponent < BEYOND_EXPONENT;
    }

    private static int exponent(String text, int from, int to) {
        int exponent = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                exponent = Math.min(10 * exponent + c - '0', LARGEST_EXPONENT);
            }
        }
        return from < to && text.charAt(from) == '-' ? -exponent : exponent;
    }

    /** Whether these digits, read as those of a number with the same exponent, are less than {@link #BEYOND}, which has more of them. */
    private static boolean isBelow(String text, int from, int to) {
        int digit = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c != '.') {
                char beyond = BEYOND.charAt(digit++);
                if (c != beyond) {
                    return c < beyond;
                }
            }
        }
        return true;
    }
}
