package dev.realtime.internal.fanout;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recipients that have been given something since the last flush. Each is flushed once, however much it has been given: that is what keeps the
 * number of system calls low. Used in the fan-out's turn only.
 *
 * @param <M> the recipients
 */
final class UnflushedRecipients<M extends Recipient> {
    private static final Logger LOG = LoggerFactory.getLogger(UnflushedRecipients.class);
    /** So long after the last flush what has been delivered leaves, although more waits. */
    private static final long LONGEST_HOLD_NANOS = 5_000_000;
    /** From so many connections on it pays to have them all written to once rather than twice. */
    private static final int CROWD = 64;

    /** After so many entries of the log connections are flushed, although more entries wait. */
    private static final int ENTRIES_PER_FLUSH = 64;

    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private final NodeRuntime runtime;
    private final ArrayList<M> recipients = new ArrayList<>();
    private long delivered;
    private int entries; // of the log, since the last flush
    private long flushedAt;

    UnflushedRecipients(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /** A turn begins: nothing has been held back yet. */
    void begin() {
        flushedAt = runtime.time().nanoTime();
    }

    /** Notes that a recipient has been given something. */
    void add(M recipient) {
        delivered++;
        mark(recipient);
    }

    /** Notes that so many recipients have been given something that need not leave yet, or leaves by itself. */
    void count(int recipients) {
        delivered += recipients;
    }

    /** Notes that what a recipient has been given is to leave. */
    void mark(M recipient) {
        if (recipient.markForFlush()) {
            recipients.add(recipient);
        }
    }

    /** Notes that entries of the log have met their recipients, and flushes if they are many by now. */
    void tookEntries(int count) {
        entries += count;
        if (entries >= ENTRIES_PER_FLUSH) {
            flush();
        }
    }

    int size() {
        return recipients.size();
    }

    boolean isEmpty() {
        return recipients.isEmpty() && delivered == 0;
    }

    boolean isCrowd() {
        return recipients.size() >= CROWD;
    }

    /** Flushes if what has been delivered was held back for long. */
    void flushIfDue() {
        if (!isEmpty() && runtime.time().nanoTime() - flushedAt >= LONGEST_HOLD_NANOS) {
            flush();
        }
    }

    /** Flushes all. Returns how long to wait before the next flush, if something waits for it: an eighth of what this one took, for a crowd. */
    long flush() {
        entries = 0;
        if (isEmpty()) {
            return 0;
        }
        boolean crowd = isCrowd();
        long start = runtime.time().nanoTime();
        for (M recipient : recipients) {
            flush(recipient);
        }
        recipients.clear();
        runtime.counters().count(Counters.Name.DELIVERIES, delivered);
        delivered = 0;
        flushedAt = runtime.time().nanoTime();
        return crowd ? Math.min(LONGEST_PAUSE_NANOS, (flushedAt - start) / 8) : 0;
    }

    private void flush(M recipient) {
        try {
            recipient.flush();
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "a recipient could not be flushed; the fan-out goes on", e);
        }
    }
}
