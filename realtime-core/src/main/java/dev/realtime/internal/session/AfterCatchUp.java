package dev.realtime.internal.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait until a client that is being caught up with has what it missed. They run in the order in which they came. Guarded by the
 * session's lock; the tasks run without it.
 */
final class AfterCatchUp {
    private @Nullable ArrayDeque<Waiting> waiting; // null while empty: few sessions are ever caught up with
    private long bytes;

    private record Waiting(long size, Runnable task) {}

    /** @param size bytes that the task is going to send */
    void add(long size, Runnable task) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.addLast(new Waiting(size, task));
        bytes += size;
    }

    int count() {
        return waiting == null ? 0 : waiting.size();
    }

    boolean fits(int most, long mostBytes) {
        return count() <= most && bytes <= mostBytes;
    }

    /** Takes the first tasks, within a count and a number of bytes. Takes one at least, if there is one. */
    List<Runnable> take(int most, long mostBytes) {
        List<Runnable> taken = new ArrayList<>();
        long size = 0;
        for (Waiting next; waiting != null && (next = waiting.peekFirst()) != null; ) {
            size += next.size;
            if (!taken.isEmpty() && (taken.size() == most || size > mostBytes)) {
                return taken;
            }
            waiting.removeFirst();
            bytes -= next.size;
            taken.add(next.task);
        }
        waiting = null;
        return taken;
    }

    List<Runnable> takeAll() {
        return take(Integer.MAX_VALUE, Long.MAX_VALUE);
    }
}
