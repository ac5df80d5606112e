package dev.realtime.standalone;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * The goodbye of a WebSocket (RFC 6455 section 7): one close frame of ours, what the first close frame of either side said, and how long the client has to
 * leave. Thread-safe.
 */
final class ClosingHandshake {
    private final TCPNIOConnection connection;
    private final FrameOutput output;
    private final DeadlineTimer deadlines;
    private final CloseStatus status = new CloseStatus();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile DeadlineTimer.@Nullable Deadline deadline;

    ClosingHandshake(TCPNIOConnection connection, FrameOutput output, DeadlineTimer deadlines) {
        this.connection = connection;
        this.output = output;
        this.deadlines = deadlines;
    }

    /** Whether our close frame has been sent, or is about to be. */
    boolean hasBegun() {
        return begun.get();
    }

    /** The client has sent a close frame. */
    void peerSaid(int code, String reason) {
        status.set(code, reason);
    }

    /**
     * Sends our close frame, unless it has been sent.
     *
     * @param atMost after this the socket is reset
     * @param first runs before, if it has not been sent
     */
    void begin(int code, String reason, Duration atMost, Runnable first) {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        status.set(code, reason);
        first.run();
        deadline = deadlines.after(atMost, connection::terminateSilently);
        output.close(code, CloseStatus.shortened(reason));
        if (!connection.isOpen()) {
            socketClosed(); // meanwhile
        }
    }

    /** Nobody has to leave any more. */
    void socketClosed() {
        DeadlineTimer.Deadline running = deadline;
        if (running != null) {
            running.cancel();
        }
    }

    CloseStatus status() {
        return status;
    }
}
