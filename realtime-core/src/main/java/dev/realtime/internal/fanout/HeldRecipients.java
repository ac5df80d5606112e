package dev.realtime.internal.fanout;

import dev.realtime.internal.batches.Batching;
import dev.realtime.spi.Time;
import java.util.ArrayList;
import java.util.concurrent.Executor;

/**
 * The recipients for whom batched events wait. The events are in their outboxes already, in order, so that whatever else is sent to them comes behind, and
 * takes them along; they are only not flushed before the next tick of the namespace. Used in the fan-out's turn only.
 *
 * @param <M> the recipients
 */
final class HeldRecipients<M extends Recipient> {
    private final Batching batching;
    private final Time time;
    private final Executor turn;
    private final UnflushedRecipients<M> unflushed;
    private final ArrayList<M> recipients = new ArrayList<>();

    /** @param turn runs tasks in the fan-out's turn */
    HeldRecipients(Batching batching, Time time, Executor turn, UnflushedRecipients<M> unflushed) {
        this.batching = batching;
        this.time = time;
        this.turn = turn;
        this.unflushed = unflushed;
    }

    /** A recipient has been given a batched event of so many bytes. */
    void add(M recipient, int size) {
        HeldEvents held = recipient.held();
        if (held.add(size, batching)) {
            unflushed.add(recipient);
            return;
        }
        unflushed.count();
        if (held.await()) {
            recipients.add(recipient);
            if (recipients.size() == 1) {
                time.schedule(batching.options().within(), () -> turn.execute(this::release));
            }
        }
    }

    /** Flushes all of them with this turn. */
    void release() {
        for (M recipient : recipients) {
            recipient.held().released();
            unflushed.mark(recipient);
        }
        recipients.clear();
    }
}
