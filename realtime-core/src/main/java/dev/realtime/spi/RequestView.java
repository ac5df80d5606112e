package dev.realtime.spi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as the engine sees it; a copy that stays valid after the transport has recycled its own request object.
 *
 * @param method in upper case
 * @param path without the query
 * @param query decoded parameters, in order of appearance
 * @param headers by lower-case name; {@code host} is the authority that the client addressed, in HTTP/2 too, where no header says it
 * @param remoteAddress the client's address without the port, as the transport knows it (behind a proxy: whatever the container
 *     was configured to trust)
 * @param secure whether the request came over TLS
 */
public record RequestView(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        String remoteAddress,
        boolean secure) {

    /** The first value of a query parameter, or null. */
    public @Nullable String parameter(String name) {
        return first(query.get(name));
    }

    /** The first value of a header, or null; the name in any case. */
    public @Nullable String header(String name) {
        return first(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    private static @Nullable String first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** Names the request without its query and headers: both may carry tokens. */
    @Override
    public String toString() {
        return method + " request from " + remoteAddress;
    }
}
