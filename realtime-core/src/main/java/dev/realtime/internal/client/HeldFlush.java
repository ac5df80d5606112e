package dev.realtime.internal.client;

/**
 * Holds back what handlers send on the thread that reads their events, so that it leaves in one write when all that was read has been handled. Such
 * handlers have promised not to block; should they be slow after all, what the first of them has sent waits a millisecond and one handler at most.
 */
final class HeldFlush {
    private static final long LONGEST_NANOS = 1_000_000;

    private final Runnable flush;
    private volatile long since; // when the first event was handled whose answer is held; 0: none is

    HeldFlush(Runnable flush) {
        this.flush = flush;
    }

    /**
     * An event is about to be handled.
     *
     * @param now by the monotonic clock, and not 0
     */
    void hold(long now) {
        long first = since;
        if (first == 0) {
            since = now;
        } else if (now - first >= LONGEST_NANOS) {
            since = now;
            flush.run();
        }
    }

    /** It has been handled. A WebSocket may have taken over meanwhile, whose thread has said that its own read is complete: then nothing is held any more. */
    void handled() {
        if (since == 0) {
            flush.run();
        }
    }

    /** What was read has been handled. */
    void release() {
        if (since != 0) {
            since = 0;
            flush.run();
        }
    }
}
