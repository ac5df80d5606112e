package dev.realtime;

import java.util.List;

/**
 * What the application on other nodes answered.
 *
 * @param failed answers that were not of the expected type, a sentence each
 * @param missingNodes nodes that did not answer in time; when the number of nodes cannot be found out it is one
 */
public record ServerReplies<R>(List<R> answers, List<String> failed, int missingNodes) {

    /** Whether every node gave a proper answer. */
    public boolean complete() {
        return failed.isEmpty() && missingNodes == 0;
    }
}
