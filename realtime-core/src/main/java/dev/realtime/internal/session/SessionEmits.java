package dev.realtime.internal.session;

import dev.realtime.internal.session.Publisher.Published;
import org.jspecify.annotations.Nullable;

/**
 * The last event that was emitted through a session, or by one of its handlers. An answer, a question or a goodbye that follows comes behind it.
 * Thread-safe.
 */
final class SessionEmits {
    private final Publisher publisher;
    private volatile @Nullable Published last;

    SessionEmits(Publisher publisher) {
        this.publisher = publisher;
    }

    void add(Published published) {
        last = Publisher.later(last, published);
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
