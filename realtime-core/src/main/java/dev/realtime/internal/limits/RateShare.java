package dev.realtime.internal.limits;

import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * This node's share of what one user may send under one rule, which all nodes count together. The node admits no more events than the ledger says that it may, and
 * writes down which it has. An exchange does all at once: it tells of what was admitted, gives back what is too much, and reserves anew, all of it by replacing the
 * node's page of the ledger, so that it does not matter whether an exchange that was not answered was done.
 *
 * <p>The share ends here, counted from before the question left, before it does for the others, who count from the store's clock at the answer. Where little is free
 * nothing is held ahead: an event reserves its own place. Guarded by the lock of its {@link UserBudgets}, which nobody has who asks the store.
 */
final class RateShare {
    /** What it takes, as far as is known of JVMs, beside its name and what it has read. */
    private static final int BYTES = 512;

    /** Where less is free nothing is held ahead. */
    private static final int FEW = 4;

    /** A page with more times than this has them put together, */
    private static final int MOST_TIMES = 64;
    /** those that are as close as this part of the shortest window in which they count. */
    private static final int CLOSE = 32;

    private static final int MOST_ATTEMPTS = 16;
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();
    private static final int MOST_AHEAD = 1 << 20;
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final SharedRates shared;
    private final UserBudgets owner; // also the lock
    private final RateBudget budget;
    private final RateRule rule;
    private final String name;
    private final String writer;
    private final long validity;
    // as it was read last
    private long version;
    private Ledger others = Ledger.EMPTY;
    private int othersBytes;
    // what this node may admit
    private int permits;
    private long deadline;
    private long renewAt;
    private int held; // when it was reserved
    private int want = 1;
    private long roomAt; // there is none before, as far as is known
    private long askAgainAt; // it may be known better
    private int untold; // admitted since the page was written
    private int used; // of what was reserved last
    private long reservedAt;
    private @Nullable Exchange exchange;

    /** @param name of the ledger */
    RateShare(SharedRates shared, UserBudgets owner, RateBudget budget, RateRule rule, String name) {
        this.shared = shared;
        this.owner = owner;
        this.budget = budget;
        this.rule = rule;
        this.name = name;
        this.writer = shared.newWriter();
        this.validity = Math.max(SHORTEST, Math.min(LONGEST, rule.shortest() / 4));
    }

    /** Whether an event may be admitted now. */
    boolean hasPermit(long now) {
        return permits > 0 && now < deadline;
    }

    /** How long an event has to wait, as far as is known; 0 if that is to be asked. */
    long delay(long now) {
        return now < askAgainAt && !hasPermit(now) ? Math.max(0, roomAt - now) : 0;
    }

    /**
     * Takes note of an event that is counted, whether it may or not.
     *
     * @return whether the share is to be renewed
     */
    boolean counted(long now) {
        untold++;
        if (!hasPermit(now)) {
            return false;
        }
        permits--;
        used++;
        return isToBeRenewed(now);
    }

    /** Whether half of what was held ahead is gone, or half of its time. */
    boolean isToBeRenewed(long now) {
        return exchange == null && held > 1 && (2 * permits <= held || now >= renewAt);
    }

    /** Whether there is something that is to be given back in time. */
    boolean isHeld() {
        return permits > 0 || (held > 1 && untold > 0);
    }

    /** Whether it has ended, and there is something to be given back. */
    boolean isOverdue(long now) {
        return isHeld() && now >= deadline && exchange == null;
    }

    /** Whether the others believe of this node what is not so. */
    boolean isUntold() {
        return permits > 0 || untold > 0;
    }

    /** Whether nothing is to be remembered of it: whoever begins anew takes what the page still says of this for what another has. */
    boolean hasPassed(long now) {
        return exchange == null && (held == 0 || deadline + rule.longest() <= now);
    }

    /** What it takes of memory, about. */
    int bytes() {
        return BYTES + 2 * name.length() + othersBytes;
    }

    /** Takes note of what the others have written. Whoever has let go of the lock calls {@link UserBudgets#remembered}. */
    private void know(Ledger written) {
        others = written;
        int bytes = written.bytes();
        owner.resize(bytes - othersBytes);
        othersBytes = bytes;
    }

    /**
     * Asks the store, unless that is under way. Not for callers who hold the lock.
     *
     * @param need how many events wait
     * @return completes, never exceptionally, when there is something new
     */
    CompletableFuture<Void> exchange(int need, boolean givesBack) {
        Exchange mine;
        synchronized (owner) {
            if (exchange != null) {
                exchange.isFollowed |= givesBack;
                return exchange.done;
            }
            adapt(shared.now());
            mine = new Exchange(need, givesBack);
            exchange = mine;
        }
        mine.begin();
        return mine.done;
    }

    /** As much is to be held ahead as lasts for about half of the time for which it may be held. */
    private void adapt(long now) {
        boolean soon = used > 0 && 2 * used >= held && now - reservedAt < validity / 2;
        if (soon) {
            want = Math.min(2 * want, MOST_AHEAD);
        } else if (now >= deadline) {
            want = Math.max(1, used);
        }
    }

    /** How many events this node may admit at the most, those that it may already included. */
    private int room(StoreTime time, long now) {
        int room = MOST_AHEAD;
        for (int window = 0; window < rule.windows(); window++) {
            long period = rule.period(window);
            int counted = budget.countedWithin(period, now) + others.countedSince(time.earliest(now - period));
            room = Math.min(room, rule.count(window) - counted);
        }
        return room;
    }

    /** When there is room for one, if nobody gives anything back. */
    private long roomAt(StoreTime time, long now) {
        long at = now;
        long[] mine = budget.latestFirst(now);
        for (int window = 0; window < rule.windows(); window++) {
            long period = rule.period(window);
            LongStream ends = LongStream.concat(
                            Arrays.stream(mine), others.times().map(time::certainly))
                    .map(moment -> moment + period);
            long[] sorted = ends.filter(end -> end > now).sorted().toArray();
            int tooMany = sorted.length - rule.count(window) + 1;
            if (tooMany > 0) {
                at = Math.max(at, sorted[tooMany - 1]);
            }
        }
        return at;
    }

    /** What the others are to know of this node. */
    private Ledger.Page page(int reserved, long until, StoreTime time, long now) {
        long[] dues = budget.dues();
        for (int i = 0; i < dues.length; i++) {
            dues[i] = dues[i] > now ? time.earliest(dues[i]) : 0;
        }
        long[] events = budget.latestFirst(now);
        int[] counts = new int[events.length];
        long[] times = new long[events.length];
        int size = together(events, time, now, counts, times, false);
        if (size > MOST_TIMES) {
            size = together(events, time, now, counts, times, true);
        }
        return new Ledger.Page(
                writer,
                reserved,
                reserved > 0 ? time.latest(until) : 0,
                dues,
                Arrays.copyOf(counts, size),
                Arrays.copyOf(times, size));
    }

    /** Counts events with one time where that is the same, or close to it: none is said to be earlier than it was. */
    private int together(long[] events, StoreTime time, long now, int[] counts, long[] times, boolean close) {
        int size = 0;
        long first = 0;
        for (long event : events) {
            if (size > 0 && first - event <= (close ? rule.shortestBeyond(now - event) / CLOSE : 0)) {
                counts[size - 1]++;
            } else {
                first = event;
                counts[size] = 1;
                times[size++] = time.latest(event);
            }
        }
        return size;
    }

    /** One exchange with the store. */
    private final class Exchange {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private final int need;
        private final boolean givesBack;
        private int attempts = MOST_ATTEMPTS;
        // guarded by the lock
        private boolean isFollowed; // by one that gives back
        private int reserved;
        private int toldBefore; // how many were untold that this tells of
        private long until;

        Exchange(int need, boolean givesBack) {
            this.need = need;
            this.givesBack = givesBack;
        }

        void begin() {
            StoreTime time = shared.storeTime();
            if (time != null && time.isFresh(shared.now())) {
                put();
            } else {
                shared.find(name).whenComplete((value, failure) -> {
                    if (failure != null) {
                        failed(failure);
                    } else {
                        read(value);
                        put();
                    }
                });
            }
        }

        private void put() {
            StoreTime time = Objects.requireNonNull(shared.storeTime());
            String text;
            long expected;
            Duration life;
            synchronized (owner) {
                long now = shared.now();
                propose(time, now);
                text = others.with(page(reserved, until, time, now), time.earliest(now));
                expected = version;
                life = Duration.ofNanos(rule.longest() + until - now).plus(MARGIN);
            }
            owner.remembered();
            shared.put(name, expected, text, life).whenComplete((written, failure) -> {
                if (failure != null) {
                    failed(failure);
                } else {
                    answered(written);
                }
            });
        }

        /** Decides what this node reserves. What it does not reserve again it does not use from here on. */
        private void propose(StoreTime time, long now) {
            know(others.since(time.earliest(now - rule.longest()), time.earliest(now)));
            int left = hasPermit(now) ? permits : 0;
            int room = room(time, now);
            if (givesBack || room <= 0) {
                reserved = 0;
            } else if (room < FEW) {
                reserved = Math.min(need, room);
            } else {
                reserved = Math.min(room, Math.max(need, Math.min(want, left + (room - left) / 2)));
            }
            permits = Math.min(left, reserved);
            until = now + (reserved > need ? validity : SHORTEST);
            toldBefore = untold;
        }

        private void read(Value value) {
            StoreTime time = Objects.requireNonNull(shared.storeTime());
            synchronized (owner) {
                long now = shared.now();
                version = value.version();
                know(Ledger.parse(value.text())
                        .without(writer)
                        .notLaterThan(time.latest(now), time.latest(now + LONGEST), latestDues(time, now)));
            }
            owner.remembered();
        }

        private long[] latestDues(StoreTime time, long now) {
            long[] latest = new long[rule.paces()];
            for (int i = 0; i < latest.length; i++) {
                latest[i] = time.latest(rule.pace(i).latest(now));
            }
            return latest;
        }

        private void answered(Written written) {
            boolean holds;
            read(written.value());
            if (written.isDone()) {
                synchronized (owner) {
                    reserve(Objects.requireNonNull(shared.storeTime()));
                    holds = isHeld();
                }
                if (holds) {
                    shared.holds(owner);
                }
                end();
            } else if (--attempts > 0) {
                put();
            } else {
                end();
            }
        }

        private void reserve(StoreTime time) {
            long now = shared.now();
            int since = untold - toldBefore; // admitted while the question was under way
            permits = Math.max(0, reserved - since);
            held = reserved;
            used = since;
            reservedAt = now;
            deadline = until;
            renewAt = now + (until - now) / 2;
            untold = since;
            budget.merge(others, time, now);
            boolean refused = reserved == 0 && need > 0;
            roomAt = refused ? roomAt(time, now) : 0;
            askAgainAt = refused ? Math.min(roomAt, now + validity) : 0;
        }

        private void failed(Throwable failure) {
            shared.failed(failure);
            end();
        }

        private void end() {
            boolean follows;
            synchronized (owner) {
                exchange = null;
                follows = isFollowed;
                isFollowed = false;
            }
            done.complete(null);
            if (follows) {
                var unused = exchange(0, true);
            }
        }
    }
}
