package dev.realtime.mail;

/** The mailbox of a user has no room for a message, since all that is in it is more important; {@link MailOptions} says how much room there is. */
public final class MailboxFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says whose mailbox it is. */
    public MailboxFullException(String userId, int maxMessages, long maxBytes) {
        super("the mailbox of user " + userId + " has no room for a message of this importance: it holds at most "
                + maxMessages + " messages and " + maxBytes + " bytes, see MailOptions");
    }
}
