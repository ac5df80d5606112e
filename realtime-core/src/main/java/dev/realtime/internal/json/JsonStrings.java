package dev.realtime.internal.json;

import java.nio.charset.StandardCharsets;

/** Writes Java strings as JSON string literals, for the few packets that are not made by a codec. */
public final class JsonStrings {

    private static final String HEX = "0123456789abcdef";

    private JsonStrings() {}

    /** The UTF-8 bytes of {@code text} as a JSON string, quotes included; lone surrogates become U+FFFD. */
    public static byte[] quote(String text) {
        return isPlain(text) ? ('"' + text + '"').getBytes(StandardCharsets.US_ASCII) : escaped(text);
    }

    /** Whether it stands in JSON as it is, like every id. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static byte[] escaped(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        String safe = LoneSurrogates.replace(text);
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString().getBytes(StandardCharsets.UTF_8);
    }
}
