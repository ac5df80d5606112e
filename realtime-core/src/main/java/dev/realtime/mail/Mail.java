package dev.realtime.mail;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The mailboxes of the users of a namespace. An event that {@linkplain dev.realtime.Event#persistOffline persists} goes to the mailbox of the user that it is emitted to, and
 * stays there until a client of the user has acknowledged it.
 *
 * <pre>{@code
 * game.user("u7").emit(LETTER, new Letter("The castle is under attack"));
 *
 * game.mail().list("u7").thenAccept(messages -> …);
 * }</pre>
 *
 * <p>Thread-safe; nothing blocks. A stage fails if the backend did not answer. A user id has 1 to 256 characters; anything else throws {@link IllegalArgumentException}.
 */
public interface Mail {

    /** Completes with what is in a user's mailbox, the oldest first. */
    CompletionStage<List<MailMessage>> list(String userId);

    /** Completes with how many messages are in a user's mailbox. */
    CompletionStage<Integer> count(String userId);

    /**
     * Removes a message. One that is on its way to a client may still arrive.
     *
     * @return completes with whether it was there
     */
    CompletionStage<Boolean> remove(String userId, String id);

    /** Empties a user's mailbox. Completes with how many messages were in it. */
    CompletionStage<Integer> clear(String userId);
}
