package dev.realtime.mail;

/**
 * Makes a message of the payload of an event that {@linkplain dev.realtime.Event#persistOffline persists}.
 *
 * <pre>{@code
 * static final Event<Letter> LETTER = Event.of("guild:letter", Letter.class).category("guild")
 *         .persistOffline((draft, letter) -> draft.content(letter.text())
 *                 .senderName(letter.from())
 *                 .importance(letter.isFromLeader() ? Importance.HIGH : Importance.NORMAL));
 * }</pre>
 *
 * @param <T> the payload of the event
 */
@FunctionalInterface
public interface MailForm<T> {
    /**
     * Returns what is to be kept. Called once for each emit, on the thread that emits; what it throws is thrown by the emit.
     *
     * @param draft what the message is by itself
     * @param payload null for an event without one
     */
    MailDraft of(MailDraft draft, T payload);
}
