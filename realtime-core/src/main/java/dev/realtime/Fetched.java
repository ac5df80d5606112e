package dev.realtime;

import java.util.List;

/**
 * Who is in an audience, as far as the nodes have answered.
 *
 * @param missingNodes how many nodes did not answer in time: their sessions are not among these. When the number of nodes cannot be found
 *     out it is one.
 */
public record Fetched(List<SessionView> sessions, int missingNodes) {

    /** Whether all nodes have answered. */
    public boolean complete() {
        return missingNodes == 0;
    }
}
