package dev.realtime;

import java.util.List;

/**
 * The replies of the application on other nodes ({@link Namespace#serverRequest}).
 *
 * @param answers one of each node that gave a proper one, in no order
 * @param failed answers that were not of the expected type, a sentence each
 * @param missingNodes nodes that did not answer in time; when the number of nodes cannot be found out it is one
 */
public record ServerReplies<R>(List<R> answers, List<String> failed, int missingNodes) {

    /** Returns whether every node gave a proper answer. */
    public boolean complete() {
        return failed.isEmpty() && missingNodes == 0;
    }
}
