package dev.realtime.internal.engineio;

import dev.realtime.transport.Heartbeat;

/**
 * The pings of one socket, and the pongs that it waits for (Engine.IO protocol v4, "Heartbeat"). While a client is not read its pongs cannot come:
 * it goes on being pinged, and is not held to its timeout. Thread-safe.
 */
final class SocketHeartbeat {
    private final long interval;
    private final long timeout;
    private volatile boolean paused; // the client is not read
    private volatile long pingedAt; // or opened
    private volatile long readSince; // after a pause
    // guarded by this
    private int pongsDue; // more than one only after a pause
    private boolean confirms; // the next pong is the one whose ping the listener knows

    SocketHeartbeat(Heartbeat heartbeat, long now) {
        this.interval = heartbeat.interval().toNanos();
        this.timeout = heartbeat.timeout().toNanos();
        this.pingedAt = now;
        this.readSince = now;
    }

    /** Nanoseconds between two pings. */
    long interval() {
        return interval;
    }

    /** Whether the client is read from now on; its pong may be among what has not been read until now. */
    void reading(boolean reads, long now) {
        if (reads && paused) {
            readSince = now;
        }
        paused = !reads;
    }

    /** The transport is another one, which is read. */
    void transportChanged() {
        paused = false;
    }

    /** How long ago the one ping was sent whose pong is due, in nanoseconds; -1 if there is not exactly one. */
    synchronized long latency(long now) {
        return pongsDue == 1 ? now - pingedAt : -1;
    }

    /** Takes a pong. Returns whether it confirms that the client has all that was sent before the ping which the listener knows. */
    synchronized boolean ponged() {
        if (pongsDue == 0) {
            return false;
        }
        pongsDue--;
        boolean confirmed = confirms;
        confirms = false;
        return confirmed;
    }

    /** Whether the client has been silent for too long. */
    synchronized boolean isOverdue(long now) {
        return pongsDue > 0 && !paused && left(now) <= 0;
    }

    private long left(long now) {
        return pongsDue == 0 || paused
                ? interval - (now - pingedAt)
                : timeout - Math.min(now - pingedAt, now - readSince);
    }

    /**
     * Has the socket ping its client if that is due.
     *
     * @return nanoseconds until something may be due again; negative if the client has been silent for too long
     */
    long beat(long now, EngineSocket socket) {
        boolean first;
        synchronized (this) {
            long left = left(now);
            if (left > 0) {
                return left;
            }
            first = pongsDue == 0;
            if (!first && !paused) {
                return -1;
            }
            pingedAt = now;
            pongsDue++;
            confirms |= first;
        }
        socket.ping(first);
        return Math.min(interval, timeout);
    }
}
