package dev.realtime.redis.internal.intake;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.JsonCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one channel: what is too much of them is dropped as they are heard, the rest is handled one at a time, in order, by an executor. No lock
 * is held while a handler runs. {@link #heard} is for one thread; the rest is thread-safe.
 */
public final class IntakeChannel {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeChannel.class);

    /** What has waited for longer has been handled by another node, or is of no use: what nodes remember of ids counts on it. */
    public static final Duration MOST_AGE = Duration.ofSeconds(10);

    /** In one turn, so that channels that share a thread take turns. */
    private static final int TURN = 64;

    private final String name;
    private final Bounds bounds;
    private final Handler handler;
    private final Executor executor;
    private final IntakeCounters counters;
    private final BoundedLog lines;
    private final LongSupplier nanoTime;
    private final MessageRate rate;
    private volatile @Nullable Thread handling; // whose handler runs
    // guarded by itself
    private final ArrayDeque<Heard> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean busy;
    private boolean closed;

    /**
     * How much of a channel's is taken.
     *
     * @param bytes of one message
     * @param perSecond messages in any second
     * @param messages that wait
     * @param waitingBytes of those that wait
     */
    public record Bounds(int bytes, int perSecond, int messages, long waitingBytes) {}

    /** What is done with a message. */
    @FunctionalInterface
    public interface Handler {
        /** @throws JsonCodec.DecodeException if the message is none that was agreed upon */
        void handle(Heard message) throws Exception;
    }

    public IntakeChannel(
            String name,
            Bounds bounds,
            Handler handler,
            Executor executor,
            IntakeCounters counters,
            BoundedLog lines,
            LongSupplier nanoTime) {
        this.name = name;
        this.bounds = bounds;
        this.handler = handler;
        this.executor = executor;
        this.counters = counters;
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.rate = new MessageRate(bounds.perSecond());
    }

    public String name() {
        return name;
    }

    /** Takes a message, or drops it. Does not block. */
    public void heard(byte[] payload) {
        counters.count(IntakeCount.HEARD);
        if (payload.length > bounds.bytes()) {
            drop(IntakeCount.TOO_LARGE);
            return;
        }
        long now = nanoTime.getAsLong();
        if (!rate.admit(now)) {
            drop(IntakeCount.TOO_MANY);
            return;
        }
        IntakeCount refusal = offer(new Heard(name, payload, now));
        if (refusal != null) {
            drop(refusal);
        }
    }

    private @Nullable IntakeCount offer(Heard message) {
        int size = message.payload().length;
        synchronized (waiting) {
            if (closed) {
                return IntakeCount.CLOSED;
            }
            if (waiting.size() >= bounds.messages() || waitingBytes + size > bounds.waitingBytes()) {
                return IntakeCount.QUEUE_FULL;
            }
            waiting.addLast(message);
            waitingBytes += size;
            if (busy) {
                return null;
            }
            busy = true;
        }
        schedule();
        return null;
    }

    /** Returns whether nothing waits and no handler runs but one that asks this itself: that one ends only when it has stopped waiting. */
    public boolean isIdle() {
        if (handling == Thread.currentThread()) {
            return true;
        }
        synchronized (waiting) {
            return !busy;
        }
    }

    /** Handles nothing more: what waits is dropped. */
    public void close() {
        int left;
        synchronized (waiting) {
            closed = true;
            left = waiting.size();
            waiting.clear();
            waitingBytes = 0;
        }
        for (int i = 0; i < left; i++) {
            drop(IntakeCount.CLOSED);
        }
    }

    private void schedule() {
        try {
            executor.execute(this::turn);
        } catch (RejectedExecutionException ended) {
            synchronized (waiting) {
                busy = false; // what waits is tried with the next message
            }
        }
    }

    private void turn() {
        for (int i = 0; i < TURN; i++) {
            Heard next = take();
            if (next == null) {
                return;
            }
            handle(next);
        }
        schedule();
    }

    private @Nullable Heard take() {
        synchronized (waiting) {
            Heard next = waiting.pollFirst();
            if (next == null) {
                busy = false;
            } else {
                waitingBytes -= next.payload().length;
            }
            return next;
        }
    }

    @SuppressWarnings("CatchingUnchecked") // an Error of a handler ends neither the channel nor the thread
    private void handle(Heard message) {
        if (nanoTime.getAsLong() - message.at() > MOST_AGE.toNanos()) {
            drop(IntakeCount.TOO_LATE);
            return;
        }
        handling = Thread.currentThread();
        try {
            handler.handle(message);
            counters.count(IntakeCount.HANDLED);
        } catch (JsonCodec.DecodeException refused) {
            counters.count(IntakeCount.INVALID);
            lines.warn(
                    LOG, name, "a message on channel {} was dropped: {}", name, String.valueOf(refused.getMessage()));
        } catch (Throwable failure) {
            counters.count(IntakeCount.FAILED);
            lines.error(LOG, name, "the handler of channel {} failed; the channel goes on", name, failure);
        } finally {
            handling = null;
        }
    }

    private void drop(IntakeCount why) {
        counters.count(why);
        lines.warn(LOG, name, "messages on channel {} are dropped: {}", name, why.counter());
    }
}
