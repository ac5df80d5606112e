package dev.realtime.internal.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What waits until a client that is just being brought up to date has what it missed, in order. Not thread-safe. */
final class AfterCatchUp {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;

    private record Waiting(long size, Runnable task) {}

    /** @param size bytes that the task is going to send */
    void add(long size, Runnable task) {
        waiting.addLast(new Waiting(size, task));
        bytes += size;
    }

    int count() {
        return waiting.size();
    }

    boolean fits(int most, long mostBytes) {
        return waiting.size() <= most && bytes <= mostBytes;
    }

    /** Takes the first ones, within a count and a number of bytes; one at least. */
    List<Runnable> take(int most, long mostBytes) {
        List<Runnable> taken = new ArrayList<>();
        long size = 0;
        for (Waiting next; (next = waiting.peekFirst()) != null; ) {
            size += next.size;
            if (!taken.isEmpty() && (taken.size() == most || size > mostBytes)) {
                break;
            }
            waiting.removeFirst();
            bytes -= next.size;
            taken.add(next.task);
        }
        return taken;
    }

    void runAll() {
        waiting.forEach(each -> each.task.run());
    }
}
