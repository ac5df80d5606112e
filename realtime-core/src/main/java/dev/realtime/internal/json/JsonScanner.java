package dev.realtime.internal.json;

import java.util.Arrays;

/**
 * Validates one JSON value (RFC 8259) in a single pass, without recursion and without building a tree.
 *
 * <p>This is what keeps decoding lazy: text that has passed here is well-formed, no deeper than allowed, and can be cut
 * into slices by {@link JsonSlices} with no further checks; the slices are bound to records only when a handler wants
 * them. The scanner also notices surrogates without a partner, raw or written as an escape, so that the caller can have
 * them replaced once, at the edge, numbers that no double holds, and members that claim to be a placeholder.
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
    private boolean placeholder;

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

    /** Whether the last {@link #value} met a member whose name is that of a placeholder: {@link Placeholders} tells more. */
    public boolean sawPlaceholder() {
        return placeholder;
    }

    /**
     * Validates the value that starts at {@code from} (whitespace before it is skipped).
     *
     * @return the index just behind the value, or {@link #MALFORMED}, or {@link #TOO_DEEP}
     */
    public int value(String text, int from) {
        loneSurrogates = false;
        numberOutOfRange = false;
        placeholder = false;
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
                    open(depth++, object);
                    at = object ? key(text, next) : next;
                    if (at < 0) {
                        return MALFORMED;
                    }
                    continue;
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
        placeholder |= Placeholders.isName(text, at, end);
        int colon = JsonSlices.skipSpace(text, end);
        if (colon >= text.length() || text.charAt(colon) != ':') {
            return MALFORMED;
        }
        return JsonSlices.skipSpace(text, colon + 1);
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
        int i = at;
        while (i < length) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\' || Character.isSurrogate(c)) {
                int end = unit(text, i);
                if (end < 0) {
                    return MALFORMED;
                }
                char unit = LoneSurrogates.unitAt(text, i);
                if (Character.isHighSurrogate(unit)) {
                    int low = unit(text, end);
                    if (low > 0 && Character.isLowSurrogate(LoneSurrogates.unitAt(text, end))) {
                        end = low;
                    } else {
                        loneSurrogates = true;
                    }
                } else if (Character.isLowSurrogate(unit)) {
                    loneSurrogates = true;
                }
                i = end;
            } else if (c < ' ') {
                return MALFORMED;
            } else {
                i++;
            }
        }
        return MALFORMED;
    }

    /** The index behind the UTF-16 unit at {@code at}, which may be written as an escape. */
    private static int unit(String text, int at) {
        int length = text.length();
        if (at >= length) {
            return MALFORMED;
        }
        if (text.charAt(at) != '\\') {
            return at + 1;
        }
        if (at + 1 >= length) {
            return MALFORMED;
        }
        switch (text.charAt(at + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return at + 2;
            }
            case 'u' -> {
                if (at + 6 > length) {
                    return MALFORMED;
                }
                for (int i = at + 2; i < at + 6; i++) {
                    if (!isHex(text.charAt(i))) {
                        return MALFORMED;
                    }
                }
                return at + 6;
            }
            default -> {
                return MALFORMED;
            }
        }
    }

    private int number(String text, int at) {
        int end = numberEnd(text, at);
        if (end > 0 && !inRange(text, at, end)) {
            numberOutOfRange = true;
        }
        return end;
    }

    /** Without an exponent a number has to be longer than is allowed before it leaves the range of doubles. */
    private static boolean inRange(String text, int at, int end) {
        if (end - at > MAX_NUMBER_LENGTH) {
            return false;
        }
        for (int i = at + 1; i < end - 1; i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return Double.isFinite(Double.parseDouble(text.substring(at, end)));
            }
        }
        return true;
    }

    private static int numberEnd(String text, int at) {
        int i = at;
        if (text.charAt(i) == '-') {
            i++;
        }
        int integer = digits(text, i);
        if (integer == i || (integer > i + 1 && text.charAt(i) == '0')) {
            return MALFORMED;
        }
        i = integer;
        if (i < text.length() && text.charAt(i) == '.') {
            int fraction = digits(text, i + 1);
            if (fraction == i + 1) {
                return MALFORMED;
            }
            i = fraction;
        }
        if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            int sign = i + 1;
            if (sign < text.length() && (text.charAt(sign) == '+' || text.charAt(sign) == '-')) {
                sign++;
            }
            i = digits(text, sign);
            if (i == sign) {
                return MALFORMED;
            }
        }
        return i;
    }

    private static int digits(String text, int at) {
        int i = at;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
