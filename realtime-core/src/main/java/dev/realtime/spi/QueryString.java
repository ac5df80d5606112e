package dev.realtime.spi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the query of a URL, for transports whose server does not, or not without reading the body too. */
public final class QueryString {
    /** The most parameters that a request may have; the engine refuses what has more. */
    public static final int MAX_PARAMETERS = 100;

    private QueryString() {}

    /**
     * The parameters in order of appearance, each name and value decoded once ({@code +} is a space). A malformed escape stays as the client
     * wrote it: the engine then rejects the value for what it is.
     *
     * @param raw without the question mark; null when there is none
     * @return unmodifiable; of a query with too many parameters so many that this shows, and no more: parsed, a parameter of three
     *     characters takes over a hundred bytes
     */
    public static Map<String, List<String>> parse(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        int count = 0;
        int at = 0;
        while (at <= raw.length() && count <= MAX_PARAMETERS) {
            int end = raw.indexOf('&', at);
            String pair = raw.substring(at, end < 0 ? raw.length() : end);
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                parameters.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
                count++;
            }
            at = end < 0 ? raw.length() + 1 : end + 1;
        }
        parameters.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(parameters);
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
