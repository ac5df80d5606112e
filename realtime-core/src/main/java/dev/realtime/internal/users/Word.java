package dev.realtime.internal.users;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A word of a line: percent-encoded, so that there is neither a space in it nor the end of a line. Most are as they are: ids and names of nodes. */
final class Word {
    private Word() {}

    /** Empty for null. */
    static String written(@Nullable String word) {
        if (word == null) {
            return "";
        }
        return isPlain(word) ? word : URLEncoder.encode(word, StandardCharsets.UTF_8);
    }

    static String read(String word) {
        return isPlain(word) ? word : URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    /** Whether it has only characters that stand for themselves. */
    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!plain) {
                return false;
            }
        }
        return true;
    }
}
