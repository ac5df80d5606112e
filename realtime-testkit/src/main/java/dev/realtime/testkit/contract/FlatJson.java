package dev.realtime.testkit.contract;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the flat JSON objects of the protocol without a parser. */
final class FlatJson {
    private static final Pattern KEY = Pattern.compile("\"(\\w+)\"\\s*:");

    private FlatJson() {}

    /** The text of a member. */
    static String text(String json, String key) {
        return find(json, "\"" + key + "\"\\s*:\\s*\"([^\"]*)\"");
    }

    /** A member as it stands there. */
    static String raw(String json, String key) {
        return find(json, "\"" + key + "\"\\s*:\\s*(\\[[^\\]]*\\]|\"[^\"]*\"|[^,}]+)");
    }

    /** The names of all members. */
    static Set<String> keys(String json) {
        Set<String> keys = new TreeSet<>();
        for (Matcher matcher = KEY.matcher(json); matcher.find(); ) {
            keys.add(matcher.group(1));
        }
        return keys;
    }

    private static String find(String json, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        if (!matcher.find()) {
            throw new AssertionError("expected " + pattern + " in " + json);
        }
        return matcher.group(1);
    }
}
