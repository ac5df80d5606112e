package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import java.util.ArrayDeque;

/**
 * Bounds a stream by bytes, which Redis itself cannot: adds up what comes by in portions, and when the younger ones are as much as is to
 * be kept, the older ones may go. Thread-safe.
 */
final class ByteBudget {
    private static final int PORTIONS = 64;

    // guarded by this
    private final ArrayDeque<Portion> portions = new ArrayDeque<>();
    private long most;
    private long bytes;
    private long current;
    private Position gone = Position.START;

    private record Portion(Position last, long bytes) {}

    /** Somebody needs so much more. */
    synchronized void grow(long more) {
        most = most + more < 0 ? Long.MAX_VALUE : most + more;
    }

    synchronized long most() {
        return most;
    }

    synchronized void add(Position position, int size) {
        if (most == 0) {
            return; // this node serves nothing yet, but others do
        }
        current += size;
        bytes += size;
        if (current < most / PORTIONS) {
            return;
        }
        portions.addLast(new Portion(position, current));
        current = 0;
        for (Portion oldest; (oldest = portions.peekFirst()) != null && bytes - oldest.bytes >= most; ) {
            portions.removeFirst();
            bytes -= oldest.bytes;
            gone = oldest.last;
        }
    }

    /** Everything up to here is no longer kept. */
    synchronized Position gone() {
        return gone;
    }
}
