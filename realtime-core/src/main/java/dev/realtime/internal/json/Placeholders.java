package dev.realtime.internal.json;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The placeholders of a text: the objects that stand for its attachments, as {@code {"_placeholder":true,"num":0}}.
 *
 * <p>Judged by their tokens, as clients judge: a name may be written with escapes, and members stand in any order. A client of any kind takes an
 * object for a placeholder as soon as its member {@code _placeholder} is true, whatever else is in it; the official JavaScript client
 * closes its connection when such an object points nowhere, others crash. So an object that claims to be a placeholder must be one and
 * nothing else, the member has no other value than true and false, and no attachment has two placeholders, for it would come out twice
 * as large as it came in.
 *
 * <p>{@link JsonScanner} collects them while it validates a text: where an object opens it asks whether the whole of it is a placeholder, and
 * wherever else the name stands, nothing but false may follow.
 */
final class Placeholders {
    static final String NAME = "_placeholder";
    /** Returned by {@link #match} for all that is no placeholder. */
    static final long NONE = -1;

    private static final String NUMBER = "num";
    private static final int MAX_NUMBER_LENGTH = 9;

    private final BitSet attachments = new BitSet();
    private int[] starts = new int[4]; // where the objects begin
    private int[] numbers = new int[4];
    private int count;

    /**
     * Matches an object that is a placeholder and nothing else; reads no further than it has to.
     *
     * @param first where its first member starts, if it has any
     * @return the index behind it in the upper half and the number of its attachment in the lower one, or {@link #NONE}
     */
    static long match(String text, int first) {
        int claim = valueOf(NAME, text, first);
        int number = valueOf(NUMBER, text, claim < 0 ? first : next(text, trueEnd(text, claim), ','));
        int numberEnd = integerEnd(text, number);
        int end = claim < 0 ? trueEnd(text, valueOf(NAME, text, next(text, numberEnd, ','))) : numberEnd;
        int behind = next(text, end, '}');
        return behind < 0 ? NONE : (long) behind << 32 | Integer.parseInt(text, number, numberEnd, 10);
    }

    /** Where the value of the member at {@code at} starts, if it has this name; -1 otherwise, and for -1. */
    private static int valueOf(String name, String text, int at) {
        int colon = next(text, nameEnd(name, text, at), ':');
        return colon < 0 ? -1 : JsonSlices.skipSpace(text, colon);
    }

    /** The index behind the next token, if that is this character, and behind the space after a comma. */
    private static int next(String text, int at, char token) {
        if (at < 0) {
            return -1;
        }
        int i = JsonSlices.skipSpace(text, at);
        if (i >= text.length() || text.charAt(i) != token) {
            return -1;
        }
        return token == ',' ? JsonSlices.skipSpace(text, i + 1) : i + 1;
    }

    private static int trueEnd(String text, int at) {
        return at >= 0 && text.startsWith("true", at) ? at + 4 : -1;
    }

    /** The index behind the number of an attachment. */
    private static int integerEnd(String text, int at) {
        if (at < 0) {
            return -1;
        }
        boolean negative = at < text.length() && text.charAt(at) == '-';
        int from = negative ? at + 1 : at;
        int end = from;
        while (end < text.length()
                && end - at < MAX_NUMBER_LENGTH
                && text.charAt(end) >= '0'
                && text.charAt(end) <= '9') {
            end++;
        }
        boolean zero = end > from && text.charAt(from) == '0';
        return end == from || (zero ? end > from + 1 : negative) ? -1 : end;
    }

    /** Whether the name of a member, its quotes included, is that of the placeholders. */
    static boolean isName(String text, int quote, int end) {
        return end - quote >= NAME.length() + 2 && nameEnd(NAME, text, quote) == end;
    }

    /** The index behind the string at {@code quote}, if it spells this name, with escapes or without; -1 otherwise. */
    private static int nameEnd(String name, String text, int quote) {
        int length = text.length();
        if (quote < 0 || quote >= length || text.charAt(quote) != '"') {
            return -1;
        }
        int at = quote + 1;
        for (int i = 0; i < name.length(); i++) {
            if (at >= length) {
                return -1;
            }
            int unit = text.charAt(at++);
            if (unit == '\\') { // no character of a name has a shorter escape
                if (at + 5 > length || text.charAt(at) != 'u') {
                    return -1;
                }
                unit = Hex.unit(text, at + 1);
                at += 5;
            }
            if (unit != name.charAt(i)) {
                return -1;
            }
        }
        return at < length && text.charAt(at) == '"' ? at + 1 : -1;
    }

    /** Adds what {@link #match} found; returns false if its attachment has one already, or is not among so many. */
    boolean add(int start, int number, int limit) {
        if (number >= limit || attachments.get(number)) {
            return false;
        }
        attachments.set(number);
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        starts[count] = start;
        numbers[count++] = number;
        return true;
    }

    int count() {
        return count;
    }

    /** The attachment whose placeholder begins at this character, or -1. */
    int at(int start) {
        int index = Arrays.binarySearch(starts, 0, count, start);
        return index < 0 ? -1 : numbers[index];
    }
}
