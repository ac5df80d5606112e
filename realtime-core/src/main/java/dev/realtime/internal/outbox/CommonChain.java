package dev.realtime.internal.outbox;

import org.jspecify.annotations.Nullable;

/** The common messages of laggards, and where they go on. Who holds a place among the messages does not hold by that what comes behind them. */
final class CommonChain {
    private final CommonMessages messages;
    private volatile @Nullable CommonChain next;

    CommonChain(CommonMessages messages) {
        this.messages = messages;
    }

    CommonMessages messages() {
        return messages;
    }

    /** They go on there. */
    void follow(CommonChain after) {
        next = after;
    }

    /** Where they go on; null while they do not. */
    @Nullable
    CommonChain next() {
        return next;
    }
}
