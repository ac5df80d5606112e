package dev.realtime.redis.internal.stream;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node alone has missed, or has met alone: its sessions begin afresh, those of the other nodes go on. Thread-safe. */
public final class Gaps {
    private static final Logger LOG = LoggerFactory.getLogger(Gaps.class);

    private final Runnable changed;
    private final AtomicLong count = new AtomicLong();

    public Gaps(Runnable changed) {
        this.changed = changed;
    }

    public long count() {
        return count.get();
    }

    /** It has gone on by itself for a while; who watches is told when it is back. */
    void wasAlone() {
        count.incrementAndGet();
    }

    /** Entries that the other nodes may have read were forgotten before this node came to them. What came behind them has been handed on. */
    public void missed(String why) {
        LOG.warn("{}: the sessions of this node begin afresh", why);
        count.incrementAndGet();
        changed.run();
    }
}
