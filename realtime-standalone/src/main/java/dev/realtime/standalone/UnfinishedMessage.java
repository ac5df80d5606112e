package dev.realtime.standalone;

import dev.realtime.spi.InboundBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The account of what a WebSocket has received and cannot hand on yet. It is counted by the node, and a message that is large must be
 * complete in time. Runs on the connection's selector thread.
 */
final class UnfinishedMessage {
    /** How long a message may take that holds more than the free bytes. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final WebSockets shared;
    private final String address;
    private final Runnable tooSlow;
    private InboundBudget.@Nullable Share share; // made once there is much
    private DeadlineTimer.@Nullable Deadline deadline;

    /**
     * @param address of the client
     * @param tooSlow runs on the thread of the deadlines when a large message is not complete in time
     */
    UnfinishedMessage(WebSockets shared, String address, Runnable tooSlow) {
        this.shared = shared;
        this.address = address;
        this.tooSlow = tooSlow;
    }

    /**
     * Says how many bytes are held from now on.
     *
     * @param byClient whether the client is what they wait for
     * @return whether the node has room for them
     */
    boolean hold(int bytes, boolean byClient) {
        InboundBudget.Share mine = share;
        if (mine == null) {
            if (bytes <= InboundBudget.FREE) {
                return true;
            }
            mine = shared.inbound().share(InboundBudget.Use.ARRIVING, address);
            share = mine;
        }
        boolean room = mine.hold(bytes);
        if (bytes <= InboundBudget.FREE || !byClient) {
            cancel();
        } else if (deadline == null) {
            deadline = shared.deadlines().after(LONGEST, tooSlow);
        }
        return room;
    }

    /** Whether a deadline runs. */
    boolean isLarge() {
        return deadline != null;
    }

    private void cancel() {
        DeadlineTimer.Deadline running = deadline;
        if (running != null) {
            running.cancel();
            deadline = null;
        }
    }

    /** The connection has ended. */
    void close() {
        InboundBudget.Share mine = share;
        if (mine != null) {
            mine.close();
        }
        cancel();
    }
}
