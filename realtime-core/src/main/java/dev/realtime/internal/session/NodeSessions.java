package dev.realtime.internal.session;

import dev.realtime.internal.limits.SuspendedSessions;

/**
 * What the sessions of all namespaces of a node share.
 *
 * @param suspended those that wait for their client
 * @param ended those that have ended here
 * @param records how their records are kept in the backend
 * @param flushes how long what a handler has sent may wait for the handlers of the events behind its own
 */
public record NodeSessions(
        SuspendedSessions suspended, EndedSessions ended, SessionRecords records, TimeoutQueue flushes) {}
