package dev.realtime.internal.outbox;

import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The write that the transport has not finished: at most one, with as much of what waits as fits one batch. Guarded by its outbox. */
final class WriteInFlight {
    private static final int MAX_BATCH_BYTES = 256 << 10;

    private @Nullable PendingMessages messages; // null while none is open
    private long since;
    private long change; // of what the node counts, by writes that have ended

    /**
     * Takes the messages of the next write out of what waits.
     *
     * @param pending not used any more by others if all of it is taken
     * @return what is left to wait; null for nothing
     */
    @Nullable
    PendingMessages begin(PendingMessages pending, long now) {
        PendingMessages taken = pending.takeBatch(MAX_BATCH_BYTES);
        messages = taken;
        since = now;
        return taken == pending ? null : pending;
    }

    /** What the write consists of. One is open. */
    List<Frame> frames() {
        PendingMessages taken = Objects.requireNonNull(messages);
        if (taken.size() == 1) {
            OutboundMessage only = Objects.requireNonNull(taken.first());
            Gathered alone = only.gathered();
            return alone == null ? only.frames() : alone.gathering().together(List.of(alone));
        }
        Batch batch = new Batch(taken.size());
        taken.forEach(batch);
        return batch.end();
    }

    void end() {
        letGo();
        messages = null;
    }

    /** The node counts the open write, if there is one. */
    void hold() {
        if (messages != null) {
            messages.hold();
        }
    }

    /** Nothing here counts any more. */
    void letGo() {
        if (messages != null) {
            messages.letGo();
            change += messages.takeChange();
        }
    }

    /** By how much the node holds more, or less, since it was told last. */
    long change() {
        return change + (messages == null ? 0 : messages.change());
    }

    /** By how much the node holds more, or less, since this was asked last. */
    long takeChange() {
        long taken = change + (messages == null ? 0 : messages.takeChange());
        change = 0;
        return taken;
    }

    /** What its messages make the node hold: of one that others hold too, its share. */
    long weight() {
        return messages == null ? 0 : messages.weight();
    }

    /** What the node counts of its places, for tests. */
    long placeBytes(Set<CommonMessages> seen) {
        return messages == null ? 0 : messages.placeBytes(seen);
    }

    /** Since when the open write waits. */
    long since() {
        return since;
    }

    /** What the open write was given to write. */
    void forEach(Consumer<OutboundMessage> to) {
        if (messages != null) {
            messages.forEach(to);
        }
    }

    boolean isOpen() {
        return messages != null;
    }

    int bytes() {
        return messages == null ? 0 : messages.bytes();
    }

    /** Bytes of the messages that are for this client alone. */
    int unshared() {
        return messages == null ? 0 : messages.unshared();
    }

    /** Whether the write has been open for longer than this. */
    boolean isOlderThan(long nanos, long now) {
        return messages != null && now - since > nanos;
    }

    /** Messages on their way into one list of frames, those that are gathered as one. */
    private static final class Batch implements Consumer<OutboundMessage> {
        private final List<Frame> frames;
        private @Nullable GatheredRun run; // once there is one

        Batch(int messages) {
            this.frames = new ArrayList<>(messages);
        }

        @Override
        public void accept(OutboundMessage next) {
            Gathered part = next.gathered();
            if (part != null) {
                run = run == null ? new GatheredRun(frames) : run;
                run.add(part);
            } else {
                if (run != null) {
                    run.end();
                }
                frames.addAll(next.frames());
            }
        }

        List<Frame> end() {
            if (run != null) {
                run.end();
            }
            return frames;
        }
    }
}
