package dev.realtime;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came back from a broadcast request until everybody had answered or the time was over.
 *
 * @param answers replies by session id
 * @param failed sessions whose answer was not of the expected type, with a sentence each
 * @param missing sessions that were asked and did not answer in time or lost their connection
 */
public record Replies<R>(Map<String, R> answers, Map<String, String> failed, Set<String> missing) {

    /** Whether everybody who was asked gave a proper answer. */
    public boolean complete() {
        return failed.isEmpty() && missing.isEmpty();
    }

    /** The answers without their senders. */
    public List<R> values() {
        return List.copyOf(answers.values());
    }
}
