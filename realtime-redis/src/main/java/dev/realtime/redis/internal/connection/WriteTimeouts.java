package dev.realtime.redis.internal.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Cuts connections whose write is stuck, because the server does not read and the network has taken all that it takes: a socket has a timeout for
 * reads alone. Has a thread while there are connections. Thread-safe.
 */
final class WriteTimeouts {
    private final long millis;
    // guarded by this
    private final Set<PipelinedConnection> open = new HashSet<>();
    private boolean running;

    /** @param millis after which a write is stuck; it is cut within twice that time */
    WriteTimeouts(long millis) {
        this.millis = millis;
    }

    synchronized void watch(PipelinedConnection connection) {
        open.add(connection);
        if (!running) {
            running = true;
            Threads.start("write-timeouts", this::run);
        }
    }

    synchronized void forget(PipelinedConnection connection) {
        open.remove(connection);
        if (open.isEmpty()) {
            notifyAll();
        }
    }

    private void run() {
        Map<PipelinedConnection, Long> before = Map.of();
        for (List<PipelinedConnection> all = next(); !all.isEmpty(); all = next()) {
            Map<PipelinedConnection, Long> writing = new HashMap<>();
            for (PipelinedConnection connection : all) {
                long write = connection.currentWrite();
                Long earlier = before.get(connection);
                if (earlier != null && earlier == write) {
                    RedisConnection.cut(connection);
                } else if (write != PipelinedConnection.NOT_WRITING) {
                    writing.put(connection, write);
                }
            }
            before = writing;
        }
    }

    /** Waits, and returns all connections then; none when there has been none in the meantime, and the thread is to end. */
    private synchronized List<PipelinedConnection> next() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !open.isEmpty(); ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            open.clear();
        }
        running = !open.isEmpty();
        return new ArrayList<>(open);
    }
}
