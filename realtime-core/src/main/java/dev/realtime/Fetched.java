package dev.realtime;

import java.util.List;

/**
 * The sessions of an audience ({@link Audience#fetch()}), as far as the nodes have answered.
 *
 * @param sessions those of the nodes that have answered
 * @param missingNodes how many nodes did not answer in time: their sessions are not among these. When the number of nodes cannot be found
 *     out it is one.
 */
public record Fetched(List<SessionView> sessions, int missingNodes) {

    /** Returns whether all nodes have answered. */
    public boolean complete() {
        return missingNodes == 0;
    }
}
