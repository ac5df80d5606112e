package dev.realtime.redis.internal.stream;

import dev.realtime.redis.internal.connection.Outage;
import dev.realtime.redis.internal.connection.Threads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after Redis at every heartbeat: that it is there, that nothing was lost, and, in an outage, whether it is back. */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Continuity continuity;
    private final Outage outage;
    private final Gaps gaps;
    private final Duration heartbeat;
    private final Duration deadline;
    private @Nullable Thread thread; // guarded by this
    private boolean closed; // guarded by this
    private long failingSince; // of the thread; zero while all is well

    /**
     * @param gaps told when this node has been alone and is about to be back, the others having gone on as if nothing had been
     * @param deadline after which a server that does not answer is taken for unreachable
     */
    public Supervisor(Continuity continuity, Outage outage, Gaps gaps, Duration heartbeat, Duration deadline) {
        this.continuity = continuity;
        this.outage = outage;
        this.gaps = gaps;
        this.heartbeat = heartbeat;
        this.deadline = deadline;
    }

    public synchronized void start() {
        thread = Threads.start("supervisor", this::run);
    }

    private void run() {
        while (await()) {
            if (!outage.isOn()) {
                look();
            } else if (outage.mayProbe()) {
                probe();
            }
        }
    }

    @SuppressWarnings("WaitNotInLoop") // too early does no harm
    private synchronized boolean await() {
        try {
            if (!closed) {
                wait(heartbeat.toMillis());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return !closed;
    }

    private void look() {
        long start = System.nanoTime();
        try {
            continuity.check();
            failingSince = 0;
        } catch (RuntimeException e) {
            LOG.debug("Redis does not answer the heartbeat", e);
            failingSince = failingSince == 0 ? start : failingSince;
            if (System.nanoTime() - failingSince >= deadline.toNanos()) {
                outage.begin("no answer to heartbeats for " + deadline.toMillis() + " ms", e);
            }
        }
    }

    private void probe() {
        try {
            if (continuity.rejoin()) {
                gaps.wasAlone();
            }
            failingSince = 0;
            outage.probeSucceeded();
        } catch (RuntimeException e) {
            LOG.debug("Redis is not back", e);
            outage.probeFailed(e);
        }
    }

    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = thread;
        }
        if (running != null) {
            Threads.join(running, 1_000);
        }
    }
}
