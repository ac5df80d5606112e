package dev.realtime;

import dev.realtime.spi.RequestView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a client presents itself when it connects to a namespace: the HTTP request that opened its connection and the {@code auth}
 * payload of its CONNECT packet. Holds credentials; {@link #toString()} shows none.
 */
public final class Handshake {
    private final String namespace;
    private final RequestView request;
    private final Map<String, Object> auth;

    /** @param auth the payload as JSON values; empty when the client sent none */
    public Handshake(String namespace, RequestView request, Map<String, Object> auth) {
        this.namespace = namespace;
        this.request = request;
        this.auth = auth;
    }

    public String namespace() {
        return namespace;
    }

    /** The {@code auth} payload. */
    public Map<String, Object> auth() {
        return auth;
    }

    /** A text value of the {@code auth} payload. */
    public Optional<String> auth(String name) {
        return auth.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The first value of a header of the opening request; the name in any case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.header(name));
    }

    /** Headers by lower-case name. */
    public Map<String, List<String>> headers() {
        return request.headers();
    }

    /** The first value of a query parameter of the opening request. */
    public Optional<String> query(String name) {
        @Nullable String value = request.parameter(name);
        return Optional.ofNullable(value);
    }

    /** The client's address as the transport knows it. */
    public String remoteAddress() {
        return request.remoteAddress();
    }

    /** Whether the connection is encrypted up to this server. */
    public boolean secure() {
        return request.secure();
    }

    @Override
    public String toString() {
        return "handshake for " + namespace + " from " + request.remoteAddress();
    }
}
