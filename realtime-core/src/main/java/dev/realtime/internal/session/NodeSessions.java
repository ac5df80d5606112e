package dev.realtime.internal.session;

import dev.realtime.internal.limits.SuspendedSessions;

/**
 * What the sessions of all namespaces of a node share.
 *
 * @param suspended those that wait for their client
 * @param ended those that have ended here
 * @param records how their records are kept in the backend
 */
public record NodeSessions(SuspendedSessions suspended, EndedSessions ended, SessionRecords records) {}
