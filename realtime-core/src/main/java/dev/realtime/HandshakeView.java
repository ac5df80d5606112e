package dev.realtime;

import dev.realtime.transport.OpeningRequest;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the client of a session has connected, as far as other nodes are told. Cookies, {@code Authorization} and query parameters of the
 * application may be credentials: they never leave the node, and neither does the {@code auth} payload. What else others need to know of a client
 * goes into a recorded {@linkplain Attribute attribute}.
 *
 * @param at when the session has met its present connection
 * @param address the client's address, as {@link Handshake#remoteAddress()}
 * @param secure whether the connection is encrypted up to its server
 * @param path of the opening request, without its query; empty if that is longer than {@value #MAX_LENGTH} characters
 * @param query those of {@link #QUERY} that the opening request had
 * @param headers those of {@link #HEADERS} that it had, by lower-case name
 */
public record HandshakeView(
        Instant at,
        String address,
        boolean secure,
        String path,
        Map<String, String> query,
        Map<String, String> headers) {

    /** The headers that others are told. */
    public static final Set<String> HEADERS = Set.of("accept-language", "host", "origin", "user-agent");

    /** The query parameters that others are told. */
    public static final Set<String> QUERY = Set.of("EIO", "transport");

    /** A text of more characters is left out. */
    public static final int MAX_LENGTH = 256;

    /** Returns what others are told of such a request. */
    public static HandshakeView of(Instant at, OpeningRequest request) {
        return of(
                at,
                request.remoteAddress(),
                request.secure(),
                request.path(),
                name -> request.query(name).orElse(null),
                name -> request.header(name).orElse(null));
    }

    /**
     * Returns what others are told, of texts that may be anything.
     *
     * @param query the value of a parameter, or null
     * @param headers the value of a header by lower-case name, or null
     */
    public static HandshakeView of(
            Instant at,
            String address,
            boolean secure,
            String path,
            Function<String, @Nullable String> query,
            Function<String, @Nullable String> headers) {
        return new HandshakeView(
                at, fitting(address), secure, fitting(path), fitting(QUERY, query), fitting(HEADERS, headers));
    }

    private static String fitting(String text) {
        return text.length() <= MAX_LENGTH ? text : "";
    }

    private static Map<String, String> fitting(Set<String> names, Function<String, @Nullable String> values) {
        Map<String, String> fitting = new TreeMap<>();
        for (String name : names) {
            String value = values.apply(name);
            if (value != null && value.length() <= MAX_LENGTH) {
                fitting.put(name, value);
            }
        }
        return Map.copyOf(fitting);
    }
}
