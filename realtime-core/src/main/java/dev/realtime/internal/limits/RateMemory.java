package dev.realtime.internal.limits;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory in which the users of all scopes are remembered, which is bounded. When there is no more, users are forgotten as if they had sent nothing:
 * first those who have tried nothing for the longest time, as far as a hand can tell that goes round and passes over everybody once who has tried
 * something since it was there (the clock algorithm of page replacement). Thread-safe.
 */
final class RateMemory {
    /** So many may be passed over for one who is forgotten: whoever comes does not wait for the hand. */
    private static final int MOST_PASSED_OVER = 64;

    private final long most;
    private final Runnable crowded;
    private final Runnable forgotten;
    private final List<RememberedClients> scopes = new CopyOnWriteArrayList<>();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicBoolean forgetting = new AtomicBoolean();
    // used by whoever is forgetting
    private Iterator<? extends Remembered> hand = Collections.emptyIterator();
    private int scope; // that the hand is in

    /**
     * @param most in bytes
     * @param crowded told whenever somebody takes some of the second half
     * @param forgotten told of each user who is
     */
    RateMemory(long most, Runnable crowded, Runnable forgotten) {
        this.most = most;
        this.crowded = crowded;
        this.forgotten = forgotten;
    }

    void add(RememberedClients scope) {
        scopes.add(scope);
    }

    List<RememberedClients> scopes() {
        return scopes;
    }

    /** How much is taken, about, in bytes. */
    long taken() {
        return taken.get();
    }

    /** Takes some. Not for callers who hold a lock. */
    void take(int bytes) {
        if (taken.addAndGet(bytes) > most / 2) {
            crowded.run();
        }
        if (taken.get() > most && forgetting.compareAndSet(false, true)) {
            try {
                while (taken.get() > most && forgetOne()) {
                    forgotten.run();
                }
            } finally {
                forgetting.set(false);
            }
        }
    }

    void give(int bytes) {
        taken.addAndGet(-bytes);
    }

    /** Returns whether there was one. */
    private boolean forgetOne() {
        int passed = 0;
        for (int rounds = 0; rounds <= 2 * scopes.size(); ) {
            if (!hand.hasNext()) {
                scope = (scope + 1) % scopes.size();
                hand = scopes.get(scope).clients().iterator();
                rounds++;
                continue;
            }
            Remembered next = hand.next();
            if (next.isIdle() || passed++ == MOST_PASSED_OVER) {
                next.forget();
                return true;
            }
        }
        return false;
    }
}
