package dev.realtime.internal.session;

import dev.realtime.internal.session.Publisher.Published;
import org.jspecify.annotations.Nullable;

/**
 * The last event that was emitted through a session, or by one of its handlers. An answer, a question or a goodbye that follows comes behind it.
 * Thread-safe.
 */
public final class SessionEmits {
    private final Publisher publisher;
    private volatile @Nullable Published last;

    SessionEmits(Publisher publisher) {
        this.publisher = publisher;
    }

    /** Takes note of an event. */
    public void add(Published published) {
        last = Publisher.later(last, published);
    }

    /** Everything emitted from now on, through whatever object, lies behind this mark. */
    long mark() {
        return publisher.mark();
    }

    /** Takes note of the last event that the calling thread has emitted behind a mark, and returns it; null if there is none. */
    @Nullable
    Published byThisThread(long mark) {
        Published own = publisher.since(mark);
        if (own != null) {
            add(own);
        }
        return own;
    }

    /** Whether it has met its recipients, or never will. */
    boolean isPassed(Published published) {
        return publisher.isPassed(published);
    }

    /** Forgets an event that has met its recipients, so that what comes after it need not look. */
    @SuppressWarnings("ReferenceEquality") // this very one, and none that came since
    void passed(Published met) {
        if (last == met) {
            last = null;
        }
    }

    /** The last event, unless it has met its recipients. */
    @Nullable
    Published underWay() {
        Published known = last;
        return known == null || publisher.isPassed(known) ? null : known;
    }

    /** The last event, if it was emitted behind a mark, by whatever thread. */
    @Nullable
    Published since(long mark) {
        Published known = last;
        return known != null && known.number() > mark ? known : null;
    }
}
