package dev.realtime.internal.json;

/** Hexadecimal digits of escapes. {@link Integer#parseInt} takes many times as long, and signs as well as digits of other scripts. */
final class Hex {

    private Hex() {}

    /** The UTF-16 unit that the four digits at {@code at} spell, or a negative number if one of them is no digit. */
    static int unit(String text, int at) {
        return digit(text.charAt(at)) << 12
                | digit(text.charAt(at + 1)) << 8
                | digit(text.charAt(at + 2)) << 4
                | digit(text.charAt(at + 3));
    }

    /** The value of a digit, or -1. */
    static int digit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
