package dev.realtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came back from a broadcast request until everybody had answered or the time was over.
 *
 * @param answers replies by session id, null where {@linkplain Request#nullableReply() that is a reply}; a server of another kind does not say whose they are, then by its node's id and a number
 * @param failed sessions whose answer was not of the expected type, with a sentence each
 * @param missing sessions that were asked and did not answer in time or lost their connection
 * @param missingNodes nodes that did not say whom they asked
 */
public record Replies<R>(Map<String, R> answers, Map<String, String> failed, Set<String> missing, int missingNodes) {

    /** Whether everybody who was asked gave a proper answer. */
    public boolean complete() {
        return failed.isEmpty() && missing.isEmpty() && missingNodes == 0;
    }

    /** The answers without their senders. */
    public List<R> values() {
        return Collections.unmodifiableList(new ArrayList<>(answers.values()));
    }
}
