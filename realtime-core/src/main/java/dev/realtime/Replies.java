package dev.realtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The replies to a request that an audience was asked ({@link Audience#request}), as they were when everybody had answered or the time was over.
 *
 * <pre>{@code
 * game.room("match:7").request(READY, "now?", Duration.ofSeconds(5)).thenAccept(replies -> {
 *     if (!replies.complete()) {
 *         log.info("{} have not answered, {} nodes neither", replies.missing(), replies.missingNodes());
 *     }
 *     start(replies.answers().keySet());
 * });
 * }</pre>
 *
 * @param answers the replies by session id; null where {@linkplain Request#nullableReply() that is a reply}. A server of another kind does not say whose
 *     they are: its replies stand under the id of its node and a number
 * @param failed the sessions whose answer was an error, or not of the expected type, with a sentence each
 * @param missing the sessions that were asked, and lost their connection or did not answer in time
 * @param missingNodes the number of nodes that did not say whom they asked
 * @param <R> the type of a reply
 */
public record Replies<R>(Map<String, R> answers, Map<String, String> failed, Set<String> missing, int missingNodes) {

    /** Returns whether everybody who was asked gave a proper answer. */
    public boolean complete() {
        return failed.isEmpty() && missing.isEmpty() && missingNodes == 0;
    }

    /** Returns the replies without their senders. The list cannot be modified. */
    public List<R> values() {
        return Collections.unmodifiableList(new ArrayList<>(answers.values()));
    }
}
