package dev.realtime.standalone;

import dev.realtime.spi.InboundBudget;
import java.io.IOException;
import java.time.Duration;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an HTTP client is read: not while much waits for its turn, and not while the client rests because it has had much done.
 * What waits is on the account of the node. Runs on the connection's selector thread.
 */
final class InputGate {
    private final TCPNIOConnection connection;
    private final HttpServer server;
    private final Runnable resume;
    private boolean stopped;
    private boolean heavy; // something of this client took long
    private boolean resting;
    private DeadlineTimer.@Nullable Deadline rest; // the last one
    private InboundBudget.@Nullable Share waiting;

    /** @param resume runs when the client has rested */
    InputGate(TCPNIOConnection connection, HttpServer server, Runnable resume) {
        this.connection = connection;
        this.server = server;
        this.resume = resume;
    }

    boolean isResting() {
        return resting;
    }

    /** Whether others come first. */
    boolean rests(String client) {
        if (resting) {
            return true;
        }
        Duration owed = server.heavy().rest(client, heavy);
        if (owed.isZero()) {
            return false;
        }
        resting = true;
        rest = server.deadlines()
                .after(
                        owed,
                        () -> SelectorThread.run(connection, () -> {
                            resting = false;
                            resume.run();
                        }));
        return true;
    }

    /** Does what may take long, and remembers whether it has. */
    void measure(String client, Runnable work) {
        long began = server.heavy().begin();
        work.run();
        heavy |= server.heavy().done(client, began);
    }

    /** Says how many bytes wait for their turn; a client for which the node has no room is let go. */
    void waits(String client, int bytes) {
        InboundBudget.Share mine = waiting;
        if (mine == null) {
            if (bytes <= InboundBudget.FREE) {
                return;
            }
            mine = server.inbound().share(InboundBudget.Use.ARRIVING, client);
            waiting = mine;
        }
        if (!mine.hold(bytes)) {
            connection.terminateSilently();
        } else if (bytes == 0) {
            waiting = null; // the next may be another client's
        }
    }

    void stopReading(boolean stop) {
        if (stop == stopped) {
            return;
        }
        stopped = stop;
        try {
            if (stop) {
                connection.disableIOEvent(IOEvent.READ);
            } else {
                connection.enableIOEvent(IOEvent.READ);
            }
        } catch (IOException e) {
            connection.terminateSilently();
        }
    }

    /** The socket has ended. */
    void close() {
        DeadlineTimer.Deadline running = rest;
        if (running != null) {
            running.cancel(); // it would keep the connection
        }
        InboundBudget.Share mine = waiting;
        if (mine != null) {
            mine.close();
        }
    }
}
