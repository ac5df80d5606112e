package dev.realtime;

import org.jspecify.annotations.Nullable;

/**
 * A place in a namespace's log. Positions of one log are totally ordered. The text form {@code time-sequence} (the form of a Redis
 * stream id) is the offset that a client carries.
 */
public record Position(long time, long sequence) implements Comparable<Position> {

    /** Before every entry. */
    public static final Position START = new Position(0, 0);

    /** Behind every entry. */
    public static final Position END = new Position(Long.MAX_VALUE, Long.MAX_VALUE);

    @Override
    public int compareTo(Position other) {
        int byTime = Long.compare(time, other.time);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    public boolean isBefore(Position other) {
        return compareTo(other) < 0;
    }

    /** The later of two. */
    public static Position max(Position a, Position b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** Reads the text form; null when it is not one. */
    public static @Nullable Position parse(String text) {
        int dash = text.indexOf('-');
        if (dash <= 0 || text.length() > 41 || !areDigits(text, 0, dash) || !areDigits(text, dash + 1, text.length())) {
            return null;
        }
        try {
            long time = Long.parseLong(text, 0, dash, 10);
            long sequence = Long.parseLong(text, dash + 1, text.length(), 10);
            return new Position(time, sequence);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Stricter than the parser, which takes signs and the digits of all scripts. */
    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }

    @Override
    public String toString() {
        return time + "-" + sequence;
    }
}
