package dev.realtime.spi;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of clients that a node may hold before somebody has handled them: messages and request bodies that are not complete, CONNECTs
 * that wait for an authenticator, events that wait for a handler; and the requests that opened connections, which sessions may ask for. There is one for the whole node, beside the limits of each connection, so
 * that many clients together cannot fill the heap. Whoever is about to keep bytes takes them here first, and gives them back exactly once.
 *
 * <p>What has only begun to arrive, or comes from somebody without a session, gets no more than half of it: a crowd of strangers cannot
 * take the place of the events of those who play.
 *
 * <p>Thread-safe, never blocks. The first {@link #FREE} bytes of a connection need not be taken, so small messages cost nothing here.
 */
public final class InboundBudget {
    /** What a connection may hold without asking. */
    public static final int FREE = 4_096;

    /** What the bytes are. */
    public enum Use {
        /** Not complete, or of a client without a session: half of the budget at most. */
        ARRIVING(2),
        /** The requests that connections were opened with: a quarter of the budget at most. */
        OPENING(4),
        /** Complete messages of sessions. */
        WAITING(1);

        private final int divisor;

        Use(int divisor) {
            this.divisor = divisor;
        }
    }

    private final long limit;
    private final Runnable refused;
    private final Map<Use, AtomicLong> used = new EnumMap<>(Use.class);
    private final AtomicLong total = new AtomicLong();

    /**
     * @param limit in bytes
     * @param refused runs each time that bytes were not given
     */
    public InboundBudget(long limit, Runnable refused) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1 byte, but is " + limit);
        }
        this.limit = limit;
        this.refused = refused;
        for (Use use : Use.values()) {
            used.put(use, new AtomicLong());
        }
    }

    /**
     * Takes bytes, all or none.
     *
     * @return false when the budget does not have them: the caller must not keep what they were for, or waits and asks again
     */
    public boolean take(Use use, long bytes) {
        AtomicLong part = of(use);
        if (!add(part, bytes, limit / use.divisor)) {
            refused.run();
            return false;
        }
        if (!add(total, bytes, limit)) {
            part.addAndGet(-bytes);
            refused.run();
            return false;
        }
        return true;
    }

    private static boolean add(AtomicLong used, long bytes, long most) {
        if (used.addAndGet(bytes) > most) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /**
     * Counts bytes that are there already, even beyond the budget.
     *
     * @return whether they are within it; if not, their client must not be read until it holds less
     */
    public boolean add(Use use, long bytes) {
        of(use).addAndGet(bytes);
        boolean within = total.addAndGet(bytes) <= limit;
        if (!within) {
            refused.run();
        }
        return within;
    }

    /** Gives back what was taken for the same use. */
    public void give(Use use, long bytes) {
        of(use).addAndGet(-bytes);
        total.addAndGet(-bytes);
    }

    private AtomicLong of(Use use) {
        return Objects.requireNonNull(used.get(use));
    }

    /** What one holder (a connection, a body, a session) has of this budget, beyond the first {@link #FREE} bytes. */
    public Share share(Use use) {
        return new Share(use);
    }

    /** The bytes that are taken now. */
    public long used() {
        return total.get();
    }

    /** How many there are. */
    public long limit() {
        return limit;
    }

    /** The part of one holder; grows and shrinks with what it holds. Thread-safe. */
    public final class Share {
        private final Use use;
        private long taken;
        private boolean closed;

        private Share(Use use) {
            this.use = use;
        }

        /**
         * Says how many bytes are held from now on.
         *
         * @return false when the budget does not have them, or the share is closed: what was held before stays counted
         */
        public synchronized boolean hold(long bytes) {
            long wanted = Math.max(0, bytes - FREE);
            if (closed || (wanted > taken && !take(use, wanted - taken))) {
                return false;
            }
            if (wanted < taken) {
                give(use, taken - wanted);
            }
            taken = wanted;
            return true;
        }

        /** Nothing is held any more. */
        public synchronized void close() {
            hold(0);
            closed = true;
        }
    }
}
