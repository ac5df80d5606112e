package dev.realtime.internal.client;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.engineio.EngineSocket;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.limits.Limits;
import dev.realtime.spi.Time;

/** The time in which a client has to get its first session; a connection without one ends with it. Thread-safe. */
final class ConnectDeadline {
    private final NodeRuntime runtime;
    private final Limits limits;
    private final ConnectedSessions sessions;
    private final ConnectQueue connects;
    private final EngineSocket socket;
    private Time.Timer timer; // guarded by this
    private boolean met; // guarded by this

    ConnectDeadline(
            NodeRuntime runtime,
            Limits limits,
            ConnectedSessions sessions,
            ConnectQueue connects,
            EngineSocket socket) {
        this.runtime = runtime;
        this.limits = limits;
        this.sessions = sessions;
        this.connects = connects;
        this.socket = socket;
        this.timer = runtime.time()
                .schedule(limits.connectTimeout(), () -> runtime.workers().execute(() -> over(true)));
    }

    /** @param patient whether a CONNECT that is judged now may still become a session; it gets the time for that, and no other does */
    private void over(boolean patient) {
        synchronized (this) {
            if (met || sessions.isClosed() || !sessions.isEmpty()) {
                return;
            }
            if (patient && !connects.isEmpty()) {
                timer = runtime.time()
                        .schedule(
                                limits.authenticationTimeout(),
                                () -> runtime.workers().execute(() -> over(false)));
                return;
            }
        }
        socket.close(DisconnectReason.PROTOCOL_ERROR);
    }

    /** There is a session, or the connection has ended. */
    synchronized void meet() {
        met = true;
        timer.cancel();
    }
}
