package dev.realtime.internal.json;

/**
 * Replaces surrogates that have no partner by U+FFFD, as every UTF-8 encoder of the web does.
 *
 * <p>JavaScript strings may hold half a pair (a name cut at twenty characters in the middle of an emoji), and
 * {@code JSON.stringify} writes it as the escape {@code \ud83d}. Such a string has no UTF-8 form, so that without this
 * the first broadcast of it would fail, far from its cause. Refusing the packet would punish an ordinary client for a
 * cut emoji; the replacement keeps the length of the text, escapes included, so that nothing else moves.
 */
public final class LoneSurrogates {

    private static final char REPLACEMENT = '\uFFFD';

    private LoneSurrogates() {}

    /** Replaces raw and escaped lone surrogates in well-formed JSON text. */
    public static String replaceInJson(String json) {
        char[] chars = json.toCharArray();
        int high = -1; // where a high surrogate stands whose partner has not come yet
        int next;
        for (int i = 0; i < chars.length; i = next) {
            char unit = chars[i];
            next = i + 1;
            if (unit == '\\') {
                boolean hexadecimal = chars[next] == 'u';
                unit = hexadecimal ? (char) Hex.unit(json, i + 2) : unit;
                next = i + (hexadecimal ? 6 : 2);
            }
            boolean low = Character.isLowSurrogate(unit);
            if (high >= 0 && !low) {
                replaceAt(chars, high);
            } else if (high < 0 && low) {
                replaceAt(chars, i);
            }
            high = Character.isHighSurrogate(unit) ? i : -1;
        }
        return new String(chars);
    }

    private static void replaceAt(char[] json, int at) {
        if (json[at] == '\\') {
            "\\ufffd".getChars(0, 6, json, at);
        } else {
            json[at] = REPLACEMENT;
        }
    }

    /** Replaces lone surrogates, which can only be escapes here, in UTF-8 JSON text; changes the array. */
    static void replaceInJson(byte[] json) {
        int i = 0;
        while (i < json.length) {
            if (json[i] != '\\') {
                i++;
                continue;
            }
            int unit = escapedUnit(json, i);
            if (unit < 0) {
                i += 2;
                continue;
            }
            if (Character.isHighSurrogate((char) unit)) {
                int next = escapedUnit(json, i + 6);
                if (next >= 0 && Character.isLowSurrogate((char) next)) {
                    i += 12;
                    continue;
                }
            }
            if (Character.isSurrogate((char) unit)) {
                json[i + 2] = 'f';
                json[i + 3] = 'f';
                json[i + 4] = 'f';
                json[i + 5] = 'd';
            }
            i += 6;
        }
    }

    private static int escapedUnit(byte[] json, int at) {
        if (at + 6 > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            unit = unit << 4 | Hex.digit(json[i]);
        }
        return unit;
    }

    /** Replaces lone surrogates in a plain string; returns the same instance when there are none. */
    public static String replace(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return replaceFrom(text, i);
                }
            }
        }
        return text;
    }

    private static String replaceFrom(String text, int from) {
        char[] chars = text.toCharArray();
        for (int i = from; i < chars.length; i++) {
            if (Character.isHighSurrogate(chars[i]) && i + 1 < chars.length && Character.isLowSurrogate(chars[i + 1])) {
                i++;
            } else if (Character.isSurrogate(chars[i])) {
                chars[i] = REPLACEMENT;
            }
        }
        return new String(chars);
    }
}
