package dev.realtime.internal.logs;

import dev.realtime.spi.EventTerms;
import java.util.Map;
import java.util.TreeMap;

/** What the engine adds to the headers of an event: nothing for which the application has left no room. */
public final class HeaderRoom {
    private HeaderRoom() {}

    /**
     * The headers with one more; the same where there is no room for it.
     *
     * @param name no name that is among them
     */
    public static Map<String, String> with(Map<String, String> headers, String name, String value) {
        int length = name.length() + value.length();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            length += header.getKey().length() + header.getValue().length();
        }
        if (headers.size() >= EventTerms.MAX_HEADERS || length > EventTerms.MAX_HEADER_LENGTH) {
            return headers;
        }
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return more;
    }
}
