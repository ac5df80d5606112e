package dev.realtime.internal.outbox;

import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The write that the transport has not finished: at most one, with as much of what waits as fits one batch. Guarded by its outbox. */
final class WriteInFlight {
    private static final int MAX_BATCH_BYTES = 256 << 10;

    private boolean open;
    private int bytes;
    private int unshared; // of the bytes
    private long since;

    /** Takes the messages of the next write out of what waits. */
    List<Frame> begin(PendingMessages pending, long now) {
        open = true;
        since = now;
        if (pending.size() == 1) {
            OutboundMessage only = pending.removeFirst();
            bytes = only.size();
            unshared = only.unshared();
            Gathered alone = only.gathered();
            return alone == null ? only.frames() : alone.gathering().together(List.of(alone));
        }
        List<Frame> batch = new ArrayList<>(pending.size());
        @Nullable GatheredRun run = null; // once there is one
        for (OutboundMessage next;
                (next = pending.first()) != null && (bytes == 0 || bytes + next.size() <= MAX_BATCH_BYTES); ) {
            pending.removeFirst();
            bytes += next.size();
            unshared += next.unshared();
            Gathered part = next.gathered();
            if (part != null) {
                run = run == null ? new GatheredRun(batch) : run;
                run.add(part);
            } else {
                if (run != null) {
                    run.end();
                }
                batch.addAll(next.frames());
            }
        }
        if (run != null) {
            run.end();
        }
        return batch;
    }

    void end() {
        open = false;
        bytes = 0;
        unshared = 0;
    }

    boolean isOpen() {
        return open;
    }

    int bytes() {
        return bytes;
    }

    /** Bytes of the messages that are for this client alone. */
    int unshared() {
        return unshared;
    }

    /** Whether the write has been open for longer than this. */
    boolean isOlderThan(long nanos, long now) {
        return open && now - since > nanos;
    }
}
