package dev.realtime.redis.internal.bus;

import dev.realtime.redis.BackendUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be published, in order. It is bounded in number and bytes; what does not fit, and what has waited for longer than
 * {@value #MAX_AGE_SECONDS} s, is dropped and counted. Thread-safe.
 */
final class PubSubQueue {
    static final int MAX_AGE_SECONDS = 5;
    private static final int MAX_MESSAGES = 16_384;
    private static final long MAX_BYTES = 32 << 20;

    private final AtomicLong dropped = new AtomicLong();
    // guarded by this
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    /**
     * A message, or a question for the number of those who would hear one.
     *
     * @param payload null for a question
     * @param reply null when nobody waits for it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, compared by nobody
    record Item(
            String channel,
            byte @Nullable [] payload,
            @Nullable CompletableFuture<Long> reply,
            long since) {
        int size() {
            return channel.length() + (payload == null ? 0 : payload.length);
        }

        boolean isLate() {
            return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(MAX_AGE_SECONDS);
        }
    }

    /** Returns how many messages were not sent. */
    long dropped() {
        return dropped.get();
    }

    /** Counts a message that was not sent; returns how many there were before. */
    long countDropped() {
        return dropped.getAndIncrement();
    }

    void publish(String channel, byte[] payload) {
        if (!offer(new Item(channel, payload, null, System.nanoTime()))) {
            countDropped();
        }
    }

    /** Asks how many connections hear a channel. */
    CompletableFuture<Long> listeners(String channel) {
        CompletableFuture<Long> reply = new CompletableFuture<>();
        if (!offer(new Item(channel, null, reply, System.nanoTime()))) {
            reply.completeExceptionally(new BackendUnavailableException("too much waits for Redis already", null));
        }
        return reply;
    }

    private synchronized boolean offer(Item item) {
        if (closed || items.size() >= MAX_MESSAGES || bytes + item.size() > MAX_BYTES) {
            return false;
        }
        bytes += item.size();
        items.addLast(item);
        notifyAll();
        return true;
    }

    /**
     * Waits for something to send.
     *
     * @param most how many to take
     * @param millis to wait for the first
     * @return null when the queue is closed and empty; what waits when it is closed is still sent
     */
    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    @Nullable
    List<Item> take(int most, long millis) {
        List<Item> batch = new ArrayList<>();
        List<Item> late = new ArrayList<>();
        synchronized (this) {
            try {
                if (items.isEmpty() && !closed) {
                    wait(millis);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            if (items.isEmpty() && closed) {
                return null;
            }
            while (!items.isEmpty() && batch.size() < most) {
                Item item = items.removeFirst();
                bytes -= item.size();
                (item.isLate() ? late : batch).add(item);
            }
        }
        late.forEach(this::giveUp);
        return batch;
    }

    /** Does nothing to a question that has its answer. */
    void giveUp(Item item) {
        CompletableFuture<Long> waiting = item.reply();
        if (waiting == null) {
            countDropped();
        } else {
            waiting.completeExceptionally(new BackendUnavailableException("Redis did not answer in time", null));
        }
    }

    /** Lets time pass, unless the queue is closed. */
    synchronized void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !closed; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Takes nothing more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
