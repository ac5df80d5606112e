package dev.realtime;

import dev.realtime.transport.OpeningRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The way in which a client presents itself when it connects to a namespace: the HTTP request that opened its connection, and the {@code auth}
 * payload of its CONNECT packet (Socket.IO protocol 5, "Connection to a namespace"). An {@link Authenticator} judges it, a session has it in
 * {@link Session#handshake()}. Holds credentials; {@link #toString()} shows none. Immutable.
 *
 * <pre>{@code
 * Realtime.builder().authenticator(handshake -> {
 *     String ticket = handshake.auth("ticket").or(() -> handshake.query("ticket")).orElse("");
 *     return Optional.of(tickets.ownerOf(ticket)
 *             .map(Principal::of)
 *             .orElseThrow(() -> new ConnectRefusedException(ErrorCode.UNAUTHORIZED)));
 * })
 * }</pre>
 *
 * <p>The engine keeps the request of a connection, with its headers and query, as long as the connection lasts: a client may connect to
 * further namespaces on the strength of it. Of the {@code auth} payload up to {@value #MAX_KEPT_AUTH} bytes stay with the session, for
 * {@link Session#handshake()}; what is longer is dropped once the client has been admitted, and all of it if it is refused.
 */
public final class Handshake {
    /** The longest {@code auth} payload that is kept with a session, in bytes of its JSON text. */
    public static final int MAX_KEPT_AUTH = 4_096;

    private final String namespace;
    private final OpeningRequest request;
    private final Map<String, Object> auth;
    private final Instant at;

    /**
     * Makes a handshake. The engine does so for each CONNECT; applications need it in tests of their authenticators.
     *
     * @param namespace what the client connects to
     * @param request the one that opened the connection
     * @param auth the payload as JSON values; empty when the client sent none
     * @param at now, by the engine's clock
     */
    public Handshake(String namespace, OpeningRequest request, Map<String, Object> auth, Instant at) {
        this.namespace = Objects.requireNonNull(namespace, "namespace");
        this.request = Objects.requireNonNull(request, "request");
        this.auth = Objects.requireNonNull(auth, "auth");
        this.at = Objects.requireNonNull(at, "at");
    }

    /** Returns the name of the namespace that the client connects to. */
    public String namespace() {
        return namespace;
    }

    /** Returns when this is judged, by the engine's clock: what credentials are valid at. Of a session: when its connection came. */
    public Instant at() {
        return at;
    }

    /**
     * Returns the {@code auth} payload. That of a {@linkplain Session#handshake() session} is empty if it was longer than {@value #MAX_KEPT_AUTH} bytes.
     */
    public Map<String, Object> auth() {
        return auth;
    }

    /** Returns a text value of the {@code auth} payload; empty where there is none of this name, or one that is no text. */
    public Optional<String> auth(String name) {
        Objects.requireNonNull(name, "name");
        return auth.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns the request that opened the connection. What it says is also to be had here directly. */
    public OpeningRequest request() {
        return request;
    }

    /** Returns the first value of a header of the opening request; the name in any case. */
    public Optional<String> header(String name) {
        return request.header(name);
    }

    /** Returns the headers of the opening request by lower-case name. */
    public Map<String, List<String>> headers() {
        return request.headers();
    }

    /** Returns the first value of a query parameter of the opening request. */
    public Optional<String> query(String name) {
        return request.query(name);
    }

    /** Returns the query parameters of the opening request, decoded, in order of appearance. */
    public Map<String, List<String>> query() {
        return request.query();
    }

    /** Returns the {@code User-Agent} of the opening request. */
    public Optional<String> userAgent() {
        return request.userAgent();
    }

    /** Returns the client's address as the transport knows it, without a port. */
    public String remoteAddress() {
        return request.remoteAddress();
    }

    /** Returns whether the connection is encrypted up to this server. */
    public boolean secure() {
        return request.secure();
    }

    @Override
    public String toString() {
        return "handshake for " + namespace + " from " + request.remoteAddress();
    }
}
