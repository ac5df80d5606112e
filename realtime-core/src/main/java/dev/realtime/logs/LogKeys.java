package dev.realtime.logs;

import java.util.List;

/**
 * The keys of SLF4J's {@link org.slf4j.MDC} that an engine sets while code of the application runs, if its {@linkplain LogOptions#context(boolean) options} say so. The
 * values have at most 201 characters, none of which ends a line or moves a cursor. What is not known has no value.
 *
 * <p>In a pattern of Logback: {@code %X{session} %X{user} %X{event} %X{correlation}}.
 */
public final class LogKeys {
    /** The {@linkplain dev.realtime.Realtime#node() id of the node}. */
    public static final String NODE = "node";
    /** The name of the namespace. */
    public static final String NAMESPACE = "namespace";
    /** The id of the session. */
    public static final String SESSION = "session";
    /** The id of the session's user. */
    public static final String USER = "user";
    /** The name of the event that is handled. */
    public static final String EVENT = "event";
    /**
     * What all that follows from one event of a client has in common. Made when the event is handled; on other nodes taken from the {@link #HEADER} of what was
     * emitted for it.
     */
    public static final String CORRELATION = "correlation";

    /** The header by which a correlation goes from node to node, see {@link LogOptions#correlation(boolean)}. */
    public static final String HEADER = "correlation";

    /** All of them. */
    public static final List<String> ALL = List.of(NODE, NAMESPACE, SESSION, USER, EVENT, CORRELATION);

    private LogKeys() {}
}
