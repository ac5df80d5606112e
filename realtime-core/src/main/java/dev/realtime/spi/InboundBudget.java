package dev.realtime.spi;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The bytes that a node may hold because of what clients send: before somebody has handled it, and of the answers that they do not take. There is one budget for the whole node, beside the limits of
 * each connection, so that many clients together cannot fill the heap. Whoever is about to keep bytes takes them here first, and gives them
 * back exactly once.
 *
 * <p>It is divided by {@linkplain Use what the bytes are}, so that what strangers send can never take the place of the events of those who
 * play, and of what strangers may hold one address gets a quarter (or room for one thing of the largest kind), so that one cannot shut the others out.
 *
 * <p>Thread-safe, never blocks. The first {@link #FREE} bytes of each holder (of a connection for what arrives and for what is unread, of a session for
 * what waits) need not be taken, so small messages cost nothing here.
 */
public final class InboundBudget {
    /** What each holder may hold without asking. */
    public static final int FREE = 4_096;

    private static final int QUARTER = 4;

    /** What the bytes are. */
    public enum Use {
        /** Messages and request bodies that are not complete: a quarter of the budget. */
        ARRIVING(4),
        /** CONNECTs that wait for an authenticator: an eighth. */
        CONNECTING(8),
        /** The requests that connections were opened with, which sessions may ask for: an eighth. */
        OPENING(8),
        /** Complete messages that wait for a handler: half. */
        WAITING(2),
        /** Answers and replies that clients have asked for and do not take: a quarter, beside the others. */
        UNREAD(4);

        private final int divisor;

        Use(int divisor) {
            this.divisor = divisor;
        }
    }

    private final long limit;
    private final Consumer<Use> refused;
    private final Map<Use, Part> parts = new EnumMap<>(Use.class);

    /**
     * @param limit in bytes
     * @param largest bytes of the largest thing that a client may send
     * @param refused runs each time that bytes were not given
     */
    public InboundBudget(long limit, long largest, Runnable refused) {
        this(limit, largest, (Use any) -> refused.run());
    }

    /**
     * As the other one.
     *
     * @param refused gets what the bytes that were not given would have been
     */
    public InboundBudget(long limit, long largest, Consumer<Use> refused) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1 byte, but is " + limit);
        }
        this.limit = limit;
        this.refused = refused;
        for (Use use : Use.values()) {
            parts.put(use, new Part(limit / use.divisor, largest));
        }
    }

    /**
     * Takes bytes, all or none.
     *
     * @param address of the client, as in {@link RequestView#remoteAddress()}
     * @return false when the budget, or the address's share of it, does not have them: the caller must not keep what they were for, or waits
     *     and asks again
     */
    public boolean take(Use use, String address, long bytes) {
        boolean taken = bytes == 0 || part(use).take(AddressKey.of(address), bytes);
        if (!taken) {
            refused.accept(use);
        }
        return taken;
    }

    /** Gives back what was taken for the same use and address. */
    public void give(Use use, String address, long bytes) {
        if (bytes > 0) {
            part(use).give(AddressKey.of(address), bytes);
        }
    }

    /**
     * Counts bytes of a session that are there already, even beyond the budget, as {@link Use#WAITING}.
     *
     * @return whether they are within it; if not, their client must not be read until it holds less
     */
    public boolean add(long bytes) {
        Part waiting = part(Use.WAITING);
        boolean within = waiting.used.addAndGet(bytes) <= waiting.limit;
        if (!within) {
            refused.accept(Use.WAITING);
        }
        return within;
    }

    /** Takes off what was {@linkplain #add added}. */
    public void remove(long bytes) {
        part(Use.WAITING).used.addAndGet(-bytes);
    }

    /** What one holder (a connection, a body) has of this budget, beyond the first {@link #FREE} bytes. */
    public Share share(Use use, String address) {
        return new Share(use, address);
    }

    /** The bytes that are taken now. */
    public long used() {
        return parts.values().stream().mapToLong(part -> part.used.get()).sum();
    }

    /** The bytes that are taken now for one use. */
    public long used(Use use) {
        return part(use).used.get();
    }

    /** How many there are for one use. */
    public long limit(Use use) {
        return part(use).limit;
    }

    /** How many there are. */
    public long limit() {
        return limit;
    }

    private Part part(Use use) {
        return Objects.requireNonNull(parts.get(use));
    }

    /** What there is for one use. */
    private static final class Part {
        private final long limit;
        private final long most; // for one address
        private final AtomicLong used = new AtomicLong();
        private final Map<String, Long> addresses = new ConcurrentHashMap<>(); // only those that hold something

        Part(long limit, long largest) {
            this.limit = limit;
            this.most = Math.min(limit, Math.max(limit / QUARTER, largest));
        }

        boolean take(String address, long bytes) {
            if (addresses.merge(address, bytes, Long::sum) <= most) {
                if (used.addAndGet(bytes) <= limit) {
                    return true;
                }
                used.addAndGet(-bytes);
            }
            leave(address, bytes);
            return false;
        }

        void give(String address, long bytes) {
            used.addAndGet(-bytes);
            leave(address, bytes);
        }

        private void leave(String address, long bytes) {
            addresses.computeIfPresent(address, (any, held) -> held == bytes ? null : held - bytes);
        }
    }

    /** The part of one holder; grows and shrinks with what it holds. Thread-safe. */
    public final class Share {
        private final Use use;
        private final String address;
        private long taken;
        private boolean closed;

        private Share(Use use, String address) {
            this.use = use;
            this.address = address;
        }

        /**
         * Says how many bytes are held from now on.
         *
         * @return false when the budget does not have them, or the share is closed: what was held before stays counted
         */
        public synchronized boolean hold(long bytes) {
            long wanted = Math.max(0, bytes - FREE);
            if (closed || (wanted > taken && !take(use, address, wanted - taken))) {
                return false;
            }
            if (wanted < taken) {
                give(use, address, taken - wanted);
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
