package dev.realtime.transport;

import dev.realtime.Handshake;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request with which a client opens a connection: the first request of long-polling, or a WebSocket upgrade. May hold credentials;
 * {@link #toString()} shows none. Immutable.
 *
 * @see Handshake#request()
 */
public final class OpeningRequest {
    private final Transport transport;
    private final String path;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;
    private final String remoteAddress;
    private final boolean secure;

    private OpeningRequest(
            Transport transport,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            String remoteAddress,
            boolean secure) {
        this.transport = Objects.requireNonNull(transport, "transport");
        this.path = Objects.requireNonNull(path, "path");
        this.query = Objects.requireNonNull(query, "query");
        this.headers = Objects.requireNonNull(headers, "headers");
        this.remoteAddress = Objects.requireNonNull(remoteAddress, "remoteAddress");
        this.secure = secure;
    }

    /**
     * Returns such a request. The engine makes them of what clients send; applications need this in tests of their own.
     *
     * @param path without the query
     * @param query decoded parameters; the map is not copied
     * @param headers by lower-case name; the map is not copied
     * @param remoteAddress the client's address without a port
     * @param secure whether the request came over TLS
     */
    public static OpeningRequest of(
            Transport transport,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            String remoteAddress,
            boolean secure) {
        return new OpeningRequest(transport, path, query, headers, remoteAddress, secure);
    }

    /** Returns the transport that the client begins with; it may change later. */
    public Transport transport() {
        return transport;
    }

    /** Returns the path without the query. */
    public String path() {
        return path;
    }

    /** Returns the first value of a query parameter. */
    public Optional<String> query(String name) {
        return first(query.get(Objects.requireNonNull(name, "name")));
    }

    /** Returns the query parameters, decoded, in order of appearance. */
    public Map<String, List<String>> query() {
        return query;
    }

    /** Returns the first value of a header; the name in any case. */
    public Optional<String> header(String name) {
        Objects.requireNonNull(name, "name");
        return first(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the headers by lower-case name. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** Returns the {@code User-Agent}. */
    public Optional<String> userAgent() {
        return header("user-agent");
    }

    /** Returns the client's address as the transport knows it: behind a proxy, whatever the server was told to trust. */
    public String remoteAddress() {
        return remoteAddress;
    }

    /** Returns whether the request came over TLS up to this server. */
    public boolean secure() {
        return secure;
    }

    private static Optional<String> first(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    @Override
    public String toString() {
        return transport + " request from " + remoteAddress;
    }
}
