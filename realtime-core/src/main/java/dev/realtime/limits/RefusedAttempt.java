package dev.realtime.limits;

import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.Principal;
import dev.realtime.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a client was refused: who tried it, what it was, and why not. A {@link RefusalListener} is told of it. Immutable.
 *
 * <p>Refusals of the application itself, by an interceptor or a handler, are not told: it knows of them.
 */
public interface RefusedAttempt {

    /** What was tried. */
    enum Kind {
        /** An event that its limits had no room for. */
        EVENT,
        /** An event that needs a {@linkplain Event#permission permission}, or that the user may not send for some time. */
        PERMISSION,
        /** A connection, or its upgrade to a WebSocket. */
        CONNECTION,
        /** A session in a namespace. */
        SESSION
    }

    /** Returns what was tried. */
    Kind kind();

    /** Returns when it was refused. */
    Instant at();

    /** Returns whose session it was; empty for a connection, and for a session that did not begin. */
    Optional<Session> session();

    /** Returns who the client is, as far as it is known. */
    Optional<Principal> principal();

    /** Returns the address of the client. */
    String address();

    /**
     * Returns under what the client is counted: {@code user u7}, or {@code address 203.0.113.4} as long as nobody knows who it is. The same words are in no two
     * clients' names.
     */
    String client();

    /** Returns the namespace; empty for a connection. */
    Optional<String> namespace();

    /** Returns the name of the event; empty for a connection and a session. */
    Optional<String> event();

    /** Returns the code that the client gets, one of {@link ErrorCode}, or the reason for which its connection is closed. */
    String code();

    /**
     * Returns what was not kept: {@code event chat:say} for the limit of an event, {@code category chat}, {@code namespace}, {@code permission chat.global}, {@code
     * restriction} for an {@link Escalation}, {@code decision} for what was decided about the user at run time, or an option
     * such as {@code Limits.maxConnections}.
     */
    String rule();

    /** Returns what this violation of a limit has led to, if there is an {@link Escalation} and it has led to something. */
    Optional<Escalation.Step> step();

    /** Returns how many violations of the client have not been forgiven, this one included; 0 if it is none. */
    int violations();

    /** Returns when the same attempt may succeed; empty when that does not depend on time. */
    Optional<Duration> retryAfter();
}
