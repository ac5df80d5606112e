package dev.realtime.standalone;

import java.time.Duration;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** Ends HTTP clients that do not read their reply: nothing taken for a whole period, and the socket is gone. */
final class StalledReaders {
    private final Deadlines deadlines;
    private final Duration patience;

    StalledReaders(Deadlines deadlines, Duration patience) {
        this.deadlines = deadlines;
        this.patience = patience;
    }

    void watch(TCPNIOConnection connection) {
        int waiting = waiting(connection);
        if (waiting > 0 && connection.isOpen()) {
            deadlines.after(patience, () -> {
                int still = waiting(connection);
                if (still >= waiting) {
                    connection.terminateSilently();
                } else {
                    watch(connection);
                }
            });
        }
    }

    private static int waiting(TCPNIOConnection connection) {
        return connection.getAsyncWriteQueue().spaceInBytes();
    }
}
