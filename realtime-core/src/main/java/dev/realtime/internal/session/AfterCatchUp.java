package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a session that wait until its client, which is being caught up with, has what it missed. They run in the order in which they came, and
 * never under the session's lock. If the connection is lost before, they run then. Thread-safe.
 */
public final class AfterCatchUp {
    private final LocalSession session; // also the lock
    private final AttachedConnection connection;
    private @Nullable ArrayDeque<Waiting> waiting; // null while empty: few sessions are ever caught up with
    private long bytes;

    private record Waiting(long size, Runnable task) {}

    AfterCatchUp(LocalSession session, AttachedConnection connection) {
        this.session = session;
        this.connection = connection;
    }

    /**
     * Runs a task when the client is up to date on this connection, or has lost it: at once, unless the client is just being caught up with.
     *
     * @param size bytes that the task sends
     */
    void run(@Nullable SessionConnection on, long size, Runnable task) {
        synchronized (session) {
            if (on != null && connection.is(on) && connection.live() == null) {
                if (waiting == null) {
                    waiting = new ArrayDeque<>();
                }
                waiting.addLast(new Waiting(size, task));
                bytes += size;
                return;
            }
        }
        task.run();
    }

    /** Returns how many tasks wait; 0 if no more wait than these bounds allow, so that all of them can leave at once. */
    public int waiting(int most, long mostBytes) {
        synchronized (session) {
            return count() <= most && bytes <= mostBytes ? 0 : count();
        }
    }

    /**
     * Runs the first tasks already, within a count and a number of bytes: what the client has by now allows that.
     *
     * @return how many have run: one at least, unless none waits or the session is on this connection no more
     */
    public int runEarly(SessionConnection on, int most, long mostBytes) {
        List<Runnable> tasks;
        synchronized (session) {
            if (!connection.is(on)) {
                return 0;
            }
            tasks = take(most, mostBytes);
        }
        tasks.forEach(Runnable::run);
        return tasks.size();
    }

    /** Sends a client for which tasks wait elsewhere: the node stops, and nobody is to wait for it. */
    public void giveUp() {
        SessionConnection current;
        synchronized (session) {
            current = count() == 0 ? null : connection.current();
        }
        if (current != null) {
            current.close(DisconnectReason.SLOW_CONSUMER);
        }
    }

    /** Takes all tasks out, for the caller to run without the lock. Under the lock. */
    List<Runnable> takeAll() {
        return take(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    private int count() {
        return waiting == null ? 0 : waiting.size();
    }

    /** The first tasks, within a count and a number of bytes; one at least, if there is one. */
    private List<Runnable> take(int most, long mostBytes) {
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
}
