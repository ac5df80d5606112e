package dev.realtime.internal.system;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How much of the application's code may run at once for one client address, whatever the JVM has for threads: so many tasks, and what comes beyond
 * waits in a line of that address alone, where others pass it by. In that line, too, sessions and clients on their way in take turns.
 *
 * <p>A line is bounded by what stands in it: one task of each session, whose mailbox is bounded in events and bytes, and one of each CONNECT
 * and of each opening request that the application judges; of these an address has a {@linkplain Share#takePlace place} for so many.
 */
public final class HandlerShares {
    private final Executor handlers;
    private final Executor newcomers;
    private final int most;
    private final int places;
    private final long placeBytes;
    private final Runnable waits;
    private final Map<String, Share> shares = new ConcurrentHashMap<>();

    /**
     * @param handlers has the threads
     * @param newcomers has them for what lets clients in
     * @param most tasks of one address at once
     * @param places for CONNECTs of one address
     * @param placeBytes what these may cost together
     * @param waits counts a task that has to wait
     */
    public HandlerShares(Executor handlers, Executor newcomers, int most, int places, long placeBytes, Runnable waits) {
        this.handlers = handlers;
        this.newcomers = newcomers;
        this.most = most;
        this.places = places;
        this.placeBytes = placeBytes;
        this.waits = waits;
    }

    /** The share of an address, kept at least until {@link Share#release}. */
    public Share hold(String address) {
        return shares.compute(address, (key, known) -> {
            Share share = known == null ? new Share(address) : known;
            synchronized (share) {
                share.holders++;
            }
            return share;
        });
    }

    private Share current(String address) {
        return shares.computeIfAbsent(address, Share::new);
    }

    /** How many addresses have one. */
    public int size() {
        return shares.size();
    }

    /** What one address may do at once. Runs handlers, listeners and authenticators; {@link #answers} what depends on a client's answer. */
    public final class Share implements Executor {
        private final String address;
        private final Lane code = new Lane(this);
        private final Lane answers = new Lane(this);
        private int holders; // guarded by this
        private int taken; // guarded by this
        private long takenBytes; // guarded by this
        private boolean gone; // guarded by this

        private Share(String address) {
            this.address = address;
        }

        @Override
        public void execute(Runnable task) {
            submit(new Task(task, false));
        }

        /**
         * Runs what lets a client in.
         *
         * @return whether the task has to wait for others of its address
         */
        public boolean admit(Runnable task) {
            return submit(new Task(task, true));
        }

        private boolean submit(Task task) {
            Share share = this;
            while (true) {
                Boolean waits = share.code.submit(task);
                if (waits != null) {
                    return waits;
                }
                share = current(address);
            }
        }

        /**
         * Completes what the application has asked a client. It has as much again, and a line of its own: a handler may wait for such an answer.
         */
        public Executor answers() {
            return this::submitAnswer;
        }

        private void submitAnswer(Runnable task) {
            Share share = this;
            while (share.answers.submit(new Task(task, false)) == null) {
                share = current(address);
            }
        }

        /** A place for a CONNECT until it has been judged, or for a request until its turn has come; false when the address has no more. {@link #leavePlace} follows. */
        public synchronized boolean takePlace(long bytes) {
            if (taken == places || (taken > 0 && takenBytes + bytes > placeBytes)) {
                return false;
            }
            taken++;
            takenBytes += bytes;
            return true;
        }

        public void leavePlace(long bytes) {
            synchronized (this) {
                taken--;
                takenBytes -= bytes;
            }
            forgetIfIdle();
        }

        /** A connection of the address has ended. What still runs and waits counts on. */
        public void release() {
            synchronized (this) {
                holders--;
            }
            forgetIfIdle();
        }

        private void forgetIfIdle() {
            synchronized (this) {
                if (!isIdle()) {
                    return;
                }
            }
            shares.computeIfPresent(address, (key, known) -> {
                if (known != this) {
                    return known;
                }
                synchronized (this) {
                    gone = isIdle();
                    return gone ? null : this;
                }
            });
        }

        private boolean isIdle() {
            return holders == 0 && taken == 0 && code.running == 0 && answers.running == 0;
        }
    }

    /** @param newcomer whether it lets a client in */
    private record Task(Runnable code, boolean newcomer) {}

    /** So many tasks at once, the others in their order. */
    private final class Lane {
        private final Share share; // also the lock
        private @Nullable TwoLines<Task> line;
        private int running;

        Lane(Share share) {
            this.share = share;
        }

        /** @return whether the task waits; null when the share has been forgotten, and another has to take it */
        @Nullable
        Boolean submit(Task task) {
            boolean mayStart;
            synchronized (share) {
                if (share.gone) {
                    return null;
                }
                mayStart = running < most;
                if (mayStart) {
                    running++;
                } else {
                    if (line == null) {
                        line = new TwoLines<>(new ArrayDeque<>(), new ArrayDeque<>());
                    }
                    line.add(task, task.newcomer);
                }
            }
            if (mayStart) {
                start(task);
            } else {
                waits.run();
            }
            return !mayStart;
        }

        private void start(Task task) {
            (task.newcomer ? newcomers : handlers).execute(() -> {
                try {
                    task.code.run();
                } finally {
                    ended();
                }
            });
        }

        /** The next one goes to the end of the queue that all share, so that others are not behind a long line. */
        private void ended() {
            Task next;
            boolean idle = false;
            synchronized (share) {
                next = line == null ? null : line.poll();
                if (next == null) {
                    line = null;
                    running--;
                    idle = share.isIdle();
                }
            }
            if (next != null) {
                start(next);
            } else if (idle) {
                share.forgetIfIdle();
            }
        }
    }
}
