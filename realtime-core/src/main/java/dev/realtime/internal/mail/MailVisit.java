package dev.realtime.internal.mail;

import dev.realtime.internal.session.SessionConnection;
import dev.realtime.spi.Queues.Queued;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session's client on one connection: what had waited for it when it came, and what it is there for. All times are by the clock of the backend, which stamps messages too. Used by one step of the
 * session's {@link MailCarrier} after the other, but for the connection.
 */
final class MailVisit {
    private final SessionConnection connection;
    private @Nullable Instant since; // the first look
    private @Nullable Instant repeated; // the latest message that it has not acknowledged
    private boolean arriving = true; // it has not got yet what was there when it came
    private int delivered; // while it was arriving

    MailVisit(SessionConnection connection) {
        this.connection = connection;
    }

    SessionConnection connection() {
        return connection;
    }

    /** Whether nobody has looked into the mailbox for it yet. */
    boolean isNew() {
        return since == null;
    }

    /** Somebody has looked into the mailbox for it. */
    void looked(Instant at) {
        if (since == null) {
            since = at;
        }
    }

    /** Whether a message was stored before it was there, or may have been delivered to it already. What comes behind all that had waited is new, though no clock has moved. */
    boolean mayHaveMissed(Queued item) {
        Instant stored = item.due();
        return since == null
                || stored.isBefore(since)
                || (arriving && stored.equals(since))
                || (repeated != null && !stored.isAfter(repeated));
    }

    /** It has acknowledged a message. */
    void acknowledged() {
        delivered++;
    }

    /** It has not acknowledged a message, which comes again. */
    void silentOn(Queued item) {
        if (repeated == null || item.due().isAfter(repeated)) {
            repeated = item.due();
        }
    }

    /** Nothing is left of what had waited. Returns how much it was to whoever says so first, and then 0. */
    int arrived() {
        int count = arriving ? delivered : 0;
        arriving = false;
        return count;
    }
}
