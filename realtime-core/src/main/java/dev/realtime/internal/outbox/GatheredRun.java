package dev.realtime.internal.outbox;

import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;

/** Neighbours in what waits, on their way into one write. Not thread-safe. */
final class GatheredRun {
    private final List<Frame> write;
    private final List<Gathered> waiting = new ArrayList<>();
    private int bytes;

    /** @param write to which the frames are added, in order */
    GatheredRun(List<Frame> write) {
        this.write = write;
    }

    /** The next message of the write. */
    void add(Gathered next) {
        if (!waiting.isEmpty() && !hasRoomFor(next)) {
            end();
        }
        waiting.add(next);
        bytes += next.size();
    }

    @SuppressWarnings("ReferenceEquality") // this very namespace's
    private boolean hasRoomFor(Gathered next) {
        Gathering gathering = waiting.get(0).gathering();
        return next.gathering() == gathering
                && waiting.size() < gathering.most()
                && bytes + next.size() <= gathering.mostBytes();
    }

    /** Something else comes next, or nothing. */
    void end() {
        if (!waiting.isEmpty()) {
            write.addAll(waiting.get(0).gathering().together(waiting));
            waiting.clear();
            bytes = 0;
        }
    }
}
