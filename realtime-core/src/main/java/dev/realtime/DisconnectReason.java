package dev.realtime;

/**
 * Why a session was suspended or ended. The closed table: {@link #code()} is what logs and metrics say, {@link #reconnects()} whether
 * an unmodified client comes back by itself, {@link #recoverable()} whether the session waits for it.
 */
public enum DisconnectReason {
    /** The client called {@code disconnect()}. */
    CLIENT_DISCONNECT("client_disconnect", false, false),
    /** The connection was closed by the client or the network. */
    TRANSPORT_CLOSED("transport_closed", true, true),
    /** The connection failed. */
    TRANSPORT_ERROR("transport_error", true, true),
    /** No pong came in time. */
    PING_TIMEOUT("ping_timeout", true, true),
    /** The client did not read what was sent to it. */
    SLOW_CONSUMER("slow_consumer", true, true),
    /** The node stops; its clients are to connect elsewhere or again. */
    SERVER_STOPPING("server_stopping", true, true),
    /** The client returned on a new connection before the old one was known to be dead. */
    CONNECTION_REPLACED("connection_replaced", true, true),
    /** The application disconnected the session. */
    SERVER_DISCONNECT("server_disconnect", false, false),
    /** The credentials are over. */
    CREDENTIALS_EXPIRED("credentials_expired", false, false),
    /** The credentials were revoked. */
    CREDENTIALS_REVOKED("credentials_revoked", false, false),
    /** The client came without credentials and has shown none in time. */
    NOT_AUTHENTICATED("not_authenticated", false, false),
    /** The user has logged in again, and may have one session only. */
    LOGGED_IN_ELSEWHERE("logged_in_elsewhere", false, false),
    /** More events waited to be handled than allowed. */
    FLOOD("flood", true, false),
    /** The client broke the protocol; if it was honest, it comes back on a new connection. */
    PROTOCOL_ERROR("protocol_error", true, true),
    /** Another node took the session over. */
    TAKEN_OVER("taken_over", true, false),
    /** The backend lost its unbroken history: clients come back and get fresh sessions. */
    EPOCH_CHANGED("epoch_changed", true, true),
    /** The client asked for a session that could not be given back at this moment; its next attempt asks again. */
    RESUME_POSTPONED("resume_postponed", true, true),
    /** The node could not take the client at this moment, or too many sessions were begun from its address; its next attempt asks again. */
    CONNECT_POSTPONED("connect_postponed", true, true),
    /** The recovery window ended without the client. */
    WINDOW_OVER("window_over", false, false),
    /** The client came back and could not be given its session, see {@link FreshReason}. */
    NOT_RECOVERED("not_recovered", false, false);

    private final String code;
    private final boolean reconnects;
    private final boolean recoverable;

    DisconnectReason(String code, boolean reconnects, boolean recoverable) {
        this.code = code;
        this.reconnects = reconnects;
        this.recoverable = recoverable;
    }

    public String code() {
        return code;
    }

    public boolean reconnects() {
        return reconnects;
    }

    public boolean recoverable() {
        return recoverable;
    }
}
