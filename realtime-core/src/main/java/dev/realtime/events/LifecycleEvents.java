package dev.realtime.events;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup.AbsenceAudience;
import dev.realtime.NamespaceSetup.FeatureRule;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of the events by which clients hear what becomes of their sessions. Immutable: start from {@link #DEFAULT}, which tells nothing, or from one of the presets, and
 * change single names.
 *
 * <pre>{@code
 * Realtime.builder().clientEvents(ClientEvents.DEFAULT.lifecycle(LifecycleEvents.CONNECTION.disconnected("connection:closed")))
 * }</pre>
 *
 * <p>Each is sent once for each transition. Those of the first three rows stand directly behind the answer to the client's CONNECT, before everything else that is sent to
 * the session:
 *
 * <pre>{@code
 * a session begins           confirmed               {socketId: "…", serverTime: 1764237600000, features?: …}
 * a session is resumed       reconnected             no argument
 *                            sessionRestored         []: what was missed follows by itself
 *                            connectionRestored      {restoredAt: 1764237600000, recoveredRooms: 3}
 * the server ends it         disconnected            "server_disconnect", the code of the DisconnectReason; then the client is disconnected
 * others: its client is away temporarilyDisconnected {userId: "u7", reconnectWindow: 30000}
 * }</pre>
 *
 * <p>Times are in milliseconds since 1970 by the node's clock, {@code reconnectWindow} is what is left of the recovery window in milliseconds, {@code recoveredRooms} does not
 * count the room of the session's own user. {@code features} is what {@link dev.realtime.NamespaceSetup#features(FeatureRule)} says, and left out where that is not set.
 */
public final class LifecycleEvents {
    private static final String TEMPORARILY_DISCONNECTED = "user:temporarily-disconnected";

    /** Clients are told nothing. */
    public static final LifecycleEvents DEFAULT =
            new LifecycleEvents(null, null, null, null, null, TEMPORARILY_DISCONNECTED);

    /** {@code connected}, {@code reconnected}, {@code session_restored} and {@code disconnected}. */
    public static final LifecycleEvents SESSION = DEFAULT.confirmed("connected")
            .reconnected("reconnected")
            .sessionRestored("session_restored")
            .disconnected("disconnected");

    /** {@code connection:confirmed} and {@code connection:restored}. */
    public static final LifecycleEvents CONNECTION =
            DEFAULT.confirmed("connection:confirmed").connectionRestored("connection:restored");

    private final @Nullable String confirmed;
    private final @Nullable String reconnected;
    private final @Nullable String sessionRestored;
    private final @Nullable String connectionRestored;
    private final @Nullable String disconnected;
    private final String temporarilyDisconnected;

    private LifecycleEvents(
            @Nullable String confirmed,
            @Nullable String reconnected,
            @Nullable String sessionRestored,
            @Nullable String connectionRestored,
            @Nullable String disconnected,
            String temporarilyDisconnected) {
        this.confirmed = confirmed;
        this.reconnected = reconnected;
        this.sessionRestored = sessionRestored;
        this.connectionRestored = connectionRestored;
        this.disconnected = disconnected;
        this.temporarilyDisconnected = temporarilyDisconnected;
    }

    private static String name(String option, String value) {
        Objects.requireNonNull(value, option);
        try {
            return Event.of(value).name();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("LifecycleEvents." + option + ": " + e.getMessage(), e);
        }
    }

    /** Returns the event for a new session; empty if none is sent. */
    public Optional<String> confirmed() {
        return Optional.ofNullable(confirmed);
    }

    /**
     * Sets the event for a new session.
     *
     * @param value default none
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents confirmed(String value) {
        return new LifecycleEvents(
                name("confirmed", value),
                reconnected,
                sessionRestored,
                connectionRestored,
                disconnected,
                temporarilyDisconnected);
    }

    /** Returns the event without an argument for a session that is resumed; empty if none is sent. */
    public Optional<String> reconnected() {
        return Optional.ofNullable(reconnected);
    }

    /**
     * Sets the event without an argument for a session that is resumed. It is sent before {@link #sessionRestored()} and {@link #connectionRestored()}.
     *
     * @param value default none
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents reconnected(String value) {
        return new LifecycleEvents(
                confirmed,
                name("reconnected", value),
                sessionRestored,
                connectionRestored,
                disconnected,
                temporarilyDisconnected);
    }

    /** Returns the event with an array of missed events, always empty, for a session that is resumed; empty if none is sent. */
    public Optional<String> sessionRestored() {
        return Optional.ofNullable(sessionRestored);
    }

    /**
     * Sets the event with an array of missed events for a session that is resumed. The array is always empty: what was missed follows by itself, each event under its own name.
     *
     * @param value default none
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents sessionRestored(String value) {
        return new LifecycleEvents(
                confirmed,
                reconnected,
                name("sessionRestored", value),
                connectionRestored,
                disconnected,
                temporarilyDisconnected);
    }

    /** Returns the event with time and number of rooms for a session that is resumed; empty if none is sent. */
    public Optional<String> connectionRestored() {
        return Optional.ofNullable(connectionRestored);
    }

    /**
     * Sets the event with time and number of rooms for a session that is resumed.
     *
     * @param value default none
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents connectionRestored(String value) {
        return new LifecycleEvents(
                confirmed,
                reconnected,
                sessionRestored,
                name("connectionRestored", value),
                disconnected,
                temporarilyDisconnected);
    }

    /** Returns the event for a session that the server ends, its last; empty if none is sent. */
    public Optional<String> disconnected() {
        return Optional.ofNullable(disconnected);
    }

    /**
     * Sets the event for a session that the server ends: the last that the client hears of it. It is sent where the client is told that the session is over, and not to come
     * back by itself: {@link dev.realtime.DisconnectReason#SERVER_DISCONNECT}, {@link dev.realtime.DisconnectReason#CREDENTIALS_EXPIRED}, {@link
     * dev.realtime.DisconnectReason#CREDENTIALS_REVOKED}, {@link dev.realtime.DisconnectReason#NOT_AUTHENTICATED} and {@link
     * dev.realtime.DisconnectReason#LOGGED_IN_ELSEWHERE}. A node that stops closes connections, and their clients come back.
     *
     * @param value default none
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents disconnected(String value) {
        return new LifecycleEvents(
                confirmed,
                reconnected,
                sessionRestored,
                connectionRestored,
                name("disconnected", value),
                temporarilyDisconnected);
    }

    /** Returns the event that tells others that the client of a session is away. */
    public String temporarilyDisconnected() {
        return temporarilyDisconnected;
    }

    /**
     * Sets the event that tells others that the client of a session is away. It goes to whom {@link dev.realtime.NamespaceSetup#absencesTo(AbsenceAudience)} names, and to
     * nobody by default.
     *
     * @param value default {@code user:temporarily-disconnected}
     * @throws IllegalArgumentException if no event may have this name
     */
    public LifecycleEvents temporarilyDisconnected(String value) {
        return new LifecycleEvents(
                confirmed,
                reconnected,
                sessionRestored,
                connectionRestored,
                disconnected,
                name("temporarilyDisconnected", value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LifecycleEvents that
                && Objects.equals(confirmed, that.confirmed)
                && Objects.equals(reconnected, that.reconnected)
                && Objects.equals(sessionRestored, that.sessionRestored)
                && Objects.equals(connectionRestored, that.connectionRestored)
                && Objects.equals(disconnected, that.disconnected)
                && temporarilyDisconnected.equals(that.temporarilyDisconnected);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                confirmed, reconnected, sessionRestored, connectionRestored, disconnected, temporarilyDisconnected);
    }

    @Override
    public String toString() {
        return "LifecycleEvents[confirmed=" + confirmed + ", reconnected=" + reconnected + ", sessionRestored="
                + sessionRestored + ", connectionRestored=" + connectionRestored + ", disconnected=" + disconnected
                + ", temporarilyDisconnected=" + temporarilyDisconnected + "]";
    }
}
