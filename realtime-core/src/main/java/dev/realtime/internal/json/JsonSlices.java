package dev.realtime.internal.json;

/** Walks JSON text that {@link JsonScanner} has accepted; on other text the answers mean nothing. */
public final class JsonSlices {

    private JsonSlices() {}

    /** The index of the first character at or behind {@code at} that is not JSON whitespace, or the length. */
    public static int skipSpace(String text, int at) {
        int i = at;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                break;
            }
            i++;
        }
        return i;
    }

    /** The index behind the value that starts at {@code at}. */
    public static int skipValue(String json, int at) {
        int depth = 0;
        int i = at;
        while (i < json.length()) {
            char c = json.charAt(i);
            switch (c) {
                case '"' -> i = skipString(json, i);
                case '[', '{' -> {
                    depth++;
                    i++;
                }
                case ']', '}' -> {
                    if (depth == 0) {
                        return i;
                    }
                    depth--;
                    i++;
                }
                case ',', ' ', '\n', '\r', '\t' -> {
                    if (depth == 0) {
                        return i;
                    }
                    i++;
                    continue;
                }
                default -> {
                    i++;
                    continue;
                }
            }
            if (depth == 0) {
                return i;
            }
        }
        return i;
    }

    /** The index behind the string whose opening quote is at {@code at}. */
    public static int skipString(String json, int at) {
        int i = at + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static boolean isEscaped(String json, int from, int to) {
        for (int i = from; i < to; i++) {
            if (json.charAt(i) == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The text of the string whose opening quote is at {@code from} and which ends before {@code to}, unescaped. */
    public static String unescape(String json, int from, int to) {
        return unescape(json, from, to, Integer.MAX_VALUE);
    }

    /** As {@link #unescape(String, int, int)}, cut after so many characters. */
    public static String unescape(String json, int from, int to, int limit) {
        int start = from + 1;
        int end = to - 1;
        int unescapedEnd = Math.min(end - start, limit) + start;
        if (!isEscaped(json, start, unescapedEnd)) {
            return json.substring(start, unescapedEnd);
        }
        StringBuilder text = new StringBuilder(unescapedEnd - start);
        int i = start;
        while (i < end && text.length() < limit) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                i++;
                continue;
            }
            char kind = json.charAt(i + 1);
            i += 2;
            switch (kind) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Hex.unit(json, i));
                    i += 4;
                }
                default -> text.append(kind);
            }
        }
        return text.toString();
    }
}
