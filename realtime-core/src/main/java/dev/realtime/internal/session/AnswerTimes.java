package dev.realtime.internal.session;

import dev.realtime.internal.node.Counters;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Time;
import org.jspecify.annotations.Nullable;

/** How long clients wait for their acknowledgements, for whoever observes it. Thread-safe. */
final class AnswerTimes {
    /** Of an event that nobody wants to be timed. */
    static final long NOT_TIMED = Long.MIN_VALUE;

    private final Time time;
    private final Counters counters;

    AnswerTimes(Time time, Counters counters) {
        this.time = time;
        this.counters = counters;
    }

    /**
     * When it is, if anybody wants to know.
     *
     * @param contract null if there is none
     */
    long begin(@Nullable String contract) {
        EngineObserver observer = counters.observer();
        return observer == null || !observer.times(contract) ? NOT_TIMED : time.nanoTime();
    }

    /**
     * @param contract null if there is none
     * @param began what {@link #begin} has said
     */
    void end(@Nullable String contract, long began) {
        EngineObserver observer = counters.observer();
        if (observer != null && began != NOT_TIMED) {
            observer.acknowledged(contract, time.nanoTime() - began);
        }
    }
}
