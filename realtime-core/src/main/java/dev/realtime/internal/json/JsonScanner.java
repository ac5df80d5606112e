package dev.realtime.internal.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Validates one JSON value (RFC 8259) in a single pass, without recursion and without building a tree.
 *
 * <p>This is what keeps decoding lazy: text that has passed here is well-formed, no deeper than allowed, and can be cut
 * into slices by {@link JsonSlices} with no further checks; the slices are bound to records only when a handler wants
 * them. The scanner also notices surrogates without a partner, raw or written as an escape, so that the caller can have
 * them replaced once, at the edge, numbers that no double holds, and {@link Placeholders}.
 *
 * <p>It reads on the thread of a connection what a stranger wrote, so that each character is looked at a few times at most, whatever the text:
 * nothing is parsed, copied or created for a number, an escape or an object of it.
 *
 * <p>Not thread-safe; one instance may scan any number of texts one after another.
 */
public final class JsonScanner {

    /** Returned by {@link #value} when the text is not JSON. */
    public static final int MALFORMED = -1;

    /** Returned by {@link #value} when arrays and objects are nested deeper than allowed. */
    public static final int TOO_DEEP = -2;

    /** Characters of one number. */
    static final int MAX_NUMBER_LENGTH = 100;

    private final int maxDepth;
    /** One bit per open container: set for an object. Grows with the depth seen, never past the limit. */
    private long[] objects = new long[1];

    private boolean loneSurrogates;
    private boolean numberOutOfRange;
    private boolean forgedPlaceholder;
    /** Null as long as there are none. */
    private @Nullable Placeholders placeholders;

    private int attachments;

    /**
     * @param maxDepth how many arrays and objects may be open at once, at least 1
     */
    public JsonScanner(int maxDepth) {
        if (maxDepth < 1) {
            throw new IllegalArgumentException("maxDepth must be at least 1, not " + maxDepth);
        }
        this.maxDepth = maxDepth;
    }

    /** Whether the last {@link #value} met a surrogate without a partner; {@link LoneSurrogates} replaces them. */
    public boolean sawLoneSurrogates() {
        return loneSurrogates;
    }

    /** Whether the last {@link #value} met a number beyond the range of doubles, or one of more than 100 characters. */
    public boolean sawNumberOutOfRange() {
        return numberOutOfRange;
    }

    /** Whether the last {@link #value} has one placeholder for each attachment, and nothing that looks like another. */
    public boolean sawAllPlaceholders() {
        return !forgedPlaceholder && (placeholders == null ? 0 : placeholders.count()) == attachments;
    }

    /**
     * The placeholders of the last {@link #value}, whose attachments may in part have theirs in other values.
     *
     * @return null if something claims to be a placeholder and is none, or two stand for one attachment
     */
    @Nullable
    Placeholders placeholders() {
        if (forgedPlaceholder) {
            return null;
        }
        return placeholders == null ? new Placeholders() : placeholders;
    }

    /** As {@link #value(String, int, int)}, for a text without attachments. */
    public int value(String text, int from) {
        return value(text, from, 0);
    }

    /**
     * Validates the value that starts at {@code from} (whitespace before it is skipped).
     *
     * @param attachments how many there are for placeholders to stand for
     * @return the index just behind the value, or {@link #MALFORMED}, or {@link #TOO_DEEP}
     */
    public int value(String text, int from, int attachments) {
        this.attachments = attachments;
        loneSurrogates = false;
        numberOutOfRange = false;
        forgedPlaceholder = false;
        placeholders = null;
        int depth = 0;
        int at = JsonSlices.skipSpace(text, from);
        while (true) {
            if (at >= text.length()) {
                return MALFORMED;
            }
            char c = text.charAt(at);
            if (c == '[' || c == '{') {
                boolean object = c == '{';
                int next = JsonSlices.skipSpace(text, at + 1);
                if (depth == maxDepth) {
                    return TOO_DEEP;
                }
                if (next < text.length() && text.charAt(next) == (object ? '}' : ']')) {
                    at = next + 1;
                } else {
                    int end = object ? placeholder(text, at, next) : MALFORMED;
                    if (end < 0) {
                        open(depth++, object);
                        at = object ? key(text, next) : next;
                        if (at < 0) {
                            return MALFORMED;
                        }
                        continue;
                    }
                    at = end;
                }
            } else {
                at = scalar(text, at, c);
                if (at < 0) {
                    return MALFORMED;
                }
            }
            // A value is complete: close what it completes, or move to its sibling.
            while (true) {
                if (depth == 0) {
                    return at;
                }
                at = JsonSlices.skipSpace(text, at);
                if (at >= text.length()) {
                    return MALFORMED;
                }
                boolean object = isObject(depth - 1);
                char next = text.charAt(at);
                if (next == ',') {
                    at = JsonSlices.skipSpace(text, at + 1);
                    if (object) {
                        at = key(text, at);
                        if (at < 0) {
                            return MALFORMED;
                        }
                    }
                    break;
                }
                if (next != (object ? '}' : ']')) {
                    return MALFORMED;
                }
                depth--;
                at++;
            }
        }
    }

    private void open(int depth, boolean object) {
        int word = depth >>> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, objects.length * 2);
        }
        long bit = 1L << depth;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
    }

    private boolean isObject(int depth) {
        return (objects[depth >>> 6] & 1L << depth) != 0;
    }

    /** Returns where the member's value starts. */
    private int key(String text, int at) {
        if (at >= text.length() || text.charAt(at) != '"') {
            return MALFORMED;
        }
        int end = string(text, at + 1);
        if (end < 0) {
            return MALFORMED;
        }
        boolean claims = Placeholders.isName(text, at, end);
        int colon = JsonSlices.skipSpace(text, end);
        if (colon >= text.length() || text.charAt(colon) != ':') {
            return MALFORMED;
        }
        int value = JsonSlices.skipSpace(text, colon + 1);
        if (claims && !text.startsWith("false", value)) {
            forgedPlaceholder = true;
        }
        return value;
    }

    /** Returns the index behind the object at {@code start}, if it is a placeholder and nothing else. */
    private int placeholder(String text, int start, int first) {
        long match = Placeholders.match(text, first);
        if (match == Placeholders.NONE) {
            return MALFORMED;
        }
        if (placeholders == null) {
            placeholders = new Placeholders();
        }
        if (!placeholders.add(start, (int) match, attachments)) {
            forgedPlaceholder = true;
        }
        return (int) (match >>> 32);
    }

    private int scalar(String text, int at, char first) {
        return switch (first) {
            case '"' -> string(text, at + 1);
            case 't' -> literal(text, at, "true");
            case 'f' -> literal(text, at, "false");
            case 'n' -> literal(text, at, "null");
            default -> number(text, at);
        };
    }

    private static int literal(String text, int at, String literal) {
        return text.startsWith(literal, at) ? at + literal.length() : MALFORMED;
    }

    /** {@code at} is behind the opening quote; returns the index behind the closing one. */
    private int string(String text, int at) {
        int length = text.length();
        boolean high = false; // whether a high surrogate stands before, whose partner may follow
        int i = at;
        while (i < length) {
            int unit = text.charAt(i);
            if (unit == '"') {
                loneSurrogates |= high;
                return i + 1;
            }
            if (unit == '\\') {
                unit = escaped(text, i);
                if (unit < 0) {
                    return MALFORMED;
                }
                i += text.charAt(i + 1) == 'u' ? 6 : 2;
            } else if (unit < ' ') {
                return MALFORMED;
            } else {
                i++;
            }
            if (high || Character.isSurrogate((char) unit)) {
                boolean low = Character.isLowSurrogate((char) unit);
                loneSurrogates |= high != low;
                high = Character.isHighSurrogate((char) unit);
            }
        }
        return MALFORMED;
    }

    /** The UTF-16 unit of the escape at {@code at}, if it is written in hexadecimal; zero for the short ones, which are all ASCII. */
    private static int escaped(String text, int at) {
        if (at + 1 >= text.length()) {
            return MALFORMED;
        }
        return switch (text.charAt(at + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 0;
            case 'u' -> at + 6 > text.length() ? MALFORMED : Hex.unit(text, at + 2);
            default -> MALFORMED;
        };
    }

    private int number(String text, int at) {
        int mantissa = mantissaEnd(text, at);
        if (mantissa < 0) {
            return MALFORMED;
        }
        int end = exponentEnd(text, mantissa);
        // Without an exponent a number has to be longer than is allowed before it leaves the range of doubles.
        if (end - at > MAX_NUMBER_LENGTH || (end > mantissa && !DoubleRange.holds(text, at, end))) {
            numberOutOfRange = true;
        }
        return end;
    }

    private static int mantissaEnd(String text, int at) {
        int i = at;
        if (text.charAt(i) == '-') {
            i++;
        }
        int integer = digits(text, i);
        if (integer == i || (integer > i + 1 && text.charAt(i) == '0')) {
            return MALFORMED;
        }
        if (integer < text.length() && text.charAt(integer) == '.') {
            int fraction = digits(text, integer + 1);
            return fraction == integer + 1 ? MALFORMED : fraction;
        }
        return integer;
    }

    private static int exponentEnd(String text, int at) {
        if (at >= text.length() || (text.charAt(at) != 'e' && text.charAt(at) != 'E')) {
            return at;
        }
        int from = at + 1;
        if (from < text.length() && (text.charAt(from) == '+' || text.charAt(from) == '-')) {
            from++;
        }
        int end = digits(text, from);
        return end == from ? MALFORMED : end;
    }

    private static int digits(String text, int at) {
        int i = at;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
