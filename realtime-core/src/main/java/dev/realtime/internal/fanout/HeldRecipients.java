package dev.realtime.internal.fanout;

import dev.realtime.internal.batches.Batching;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The recipients for whom batched events wait. The events are in their outboxes already, in order, so that whatever else is sent to them comes behind, and
 * takes them along; they are only not flushed before the next tick of the namespace. Used in the fan-out's turn only.
 *
 * @param <M> the recipients
 */
final class HeldRecipients<M extends Recipient> {
    private final Batching batching;
    private final long within; // the tick, in nanoseconds
    private final Time time;
    private final Executor turn;
    private final UnflushedRecipients<M> unflushed;
    private final ArrayList<M> recipients = new ArrayList<>();
    private Time.@Nullable Timer timer; // of the next tick
    private long planned; // when, by the monotonic clock

    /** @param turn runs tasks in the fan-out's turn */
    HeldRecipients(Batching batching, Time time, Executor turn, UnflushedRecipients<M> unflushed) {
        this.batching = batching;
        this.within = batching.options().within().toNanos();
        this.time = time;
        this.turn = turn;
        this.unflushed = unflushed;
    }

    /**
     * A recipient has been given a batched event.
     *
     * @param size in bytes
     * @param left of its life, in milliseconds
     */
    void add(M recipient, int size, long left) {
        HeldEvents held = recipient.held();
        if (held.add(size, batching)) {
            unflushed.add(recipient);
            return;
        }
        unflushed.count(1);
        if (held.await()) {
            recipients.add(recipient);
        }
        plan(left);
    }

    /** An event leaves while it has half of its life before it: one that waited until it is over would better not have come. */
    private void plan(long left) {
        boolean isShort = left / 2 < TimeUnit.NANOSECONDS.toMillis(within);
        if (timer != null && !isShort) {
            return;
        }
        long wait = isShort ? TimeUnit.MILLISECONDS.toNanos(Math.max(0, left / 2)) : within;
        long when = time.nanoTime() + wait;
        if (timer == null || when - planned < 0) {
            stop();
            planned = when;
            timer = time.schedule(Duration.ofNanos(wait), () -> turn.execute(this::release));
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Flushes all of them with this turn. */
    void release() {
        stop();
        for (M recipient : recipients) {
            recipient.held().released();
            unflushed.mark(recipient);
        }
        recipients.clear();
    }
}
