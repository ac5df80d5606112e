package dev.realtime.internal.client;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.limits.Limits;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The CONNECTs of one connection: one of each namespace is judged at a time, at a bounded pace, and each is counted until it has been judged.
 * Thread-safe.
 */
final class ConnectQueue {
    /** What a CONNECT costs while it is judged, beside its payload. */
    private static final long CONNECT_COST = 512;
    /** How much larger a payload is as values than as text, at worst. */
    private static final long CONNECT_FACTOR = 16;

    private final NodeRuntime runtime;
    private final Limits limits;
    private final InboundBudget inbound;
    private final ConnectHandler handler;
    private final ClientConnection connection;
    private final ConnectedSessions sessions;
    private final HandlerShares.Share share;
    private final String address;
    private final ConnectThrottle throttle;
    // guarded by this
    private final Map<String, @Nullable Connect> admitting = new HashMap<>(2); // the one that waits behind it
    private boolean closed;

    /**
     * @param pace at which the CONNECTs of one connection are answered
     * @param roomChanged told when the connection is to be read no more, or again
     */
    ConnectQueue(
            NodeRuntime runtime,
            Limits limits,
            InboundBudget inbound,
            ConnectHandler handler,
            Pace pace,
            ClientConnection connection,
            ConnectedSessions sessions,
            Runnable roomChanged) {
        this.runtime = runtime;
        this.limits = limits;
        this.inbound = inbound;
        this.handler = handler;
        this.connection = connection;
        this.sessions = sessions;
        this.share = connection.share();
        this.address = connection.request().remoteAddress();
        this.throttle = new ConnectThrottle(pace, runtime.time(), runtime.workers(), roomChanged);
    }

    /** Whether no CONNECT is being judged. */
    synchronized boolean isEmpty() {
        return admitting.isEmpty();
    }

    /** Whether some wait, since they came too fast. */
    boolean isHolding() {
        return throttle.isHolding();
    }

    /** The connection has ended: what waits is dropped. */
    void end() {
        synchronized (this) {
            closed = true;
        }
        throttle.end();
    }

    /**
     * One CONNECT to a namespace is judged at a time, and of those that come meanwhile the latest waits: a client that calls
     * {@code disconnect()} and {@code connect()} before it has its answer sends two in a row.
     */
    void connect(Packet packet) {
        String name = packet.namespace();
        Fault fault = packet.fault();
        if (fault == Fault.NAMESPACE_TOO_LONG) {
            inPace(() -> handler.refusals()
                    .refuse(connection, name, new ConnectRefusedException(ErrorCode.UNKNOWN_NAMESPACE.sentence())));
            return;
        }
        if (fault != null) {
            inPace(() -> handler.refusals().refuse(connection, name, ErrorCode.INVALID_PAYLOAD));
            return;
        }
        if (packet.data().length() > limits.maxConnectPayload()) {
            inPace(() -> handler.refusals().refuse(connection, name, ErrorCode.PAYLOAD_TOO_LARGE));
            return;
        }
        Connect latest = new Connect(
                packet.data(), CONNECT_COST + CONNECT_FACTOR * packet.data().length());
        if (!take(latest)) {
            handler.limited(connection, name, DisconnectReason.CONNECT_POSTPONED.code(), "Limits.maxConnectsPerIp");
            handler.postpone(connection);
            return;
        }
        Connect dropped = null;
        boolean first = false;
        boolean tooMany = false;
        synchronized (this) {
            if (closed) {
                dropped = latest;
            } else if (admitting.containsKey(name)) {
                dropped = admitting.put(name, latest);
            } else if (sessions.find(name) == null && sessions.size() + admitting.size() >= limits.maxNamespaces()) {
                dropped = latest;
                tooMany = true;
            } else {
                admitting.put(name, null);
                first = true;
            }
        }
        forget(dropped);
        if (tooMany) {
            handler.limited(connection, name, ErrorCode.TOO_MANY_NAMESPACES.code(), "Limits.maxNamespaces");
            inPace(() -> handler.refusals().refuse(connection, name, ErrorCode.TOO_MANY_NAMESPACES));
        } else if (first) {
            judge(name, latest);
        }
    }

    /**
     * A CONNECT that is judged or waits. The first to {@linkplain #compareAndSet take it up} judges it: a worker, or the clock.
     */
    private static final class Connect extends AtomicBoolean {
        private final String data;
        /** What it is counted for until it has been judged: its values are many times larger than their text. */
        private final long cost;

        Connect(String data, long cost) {
            this.data = data;
            this.cost = cost;
        }
    }

    /** Counts a CONNECT in the address's share and in the node's budget; {@link #forget} follows. */
    private boolean take(Connect connect) {
        if (!share.takePlace(connect.cost)) {
            runtime.counters().count(Counters.Name.CONNECTS_REFUSED);
            return false;
        }
        if (!inbound.take(InboundBudget.Use.CONNECTING, address, connect.cost)) {
            share.leavePlace(connect.cost);
            return false;
        }
        return true;
    }

    private void forget(@Nullable Connect connect) {
        if (connect != null) {
            inbound.give(InboundBudget.Use.CONNECTING, address, connect.cost);
            share.leavePlace(connect.cost);
        }
    }

    /** What answers a CONNECT runs when its time has come, or when the connection has ended. */
    private void inPace(Runnable answer) {
        switch (throttle.admit(answer)) {
            case AT_ONCE -> {}
            case LATER -> runtime.counters().count(Counters.Name.CONNECTS_DELAYED);
            case TOO_MANY -> { // of a transport that cannot stop reading
                runtime.counters().count(Counters.Name.INBOX_OVERFLOW);
                connection.close(DisconnectReason.FLOOD);
                answer.run();
            }
        }
    }

    private void judge(String name, Connect connect) {
        inPace(() -> {
            if (isClosed()) {
                judged(name, connect);
            } else {
                // on a worker: an unknown client must not keep an I/O thread busy, and the application says which names
                // a family accepts
                judgeNow(name, connect);
            }
        });
    }

    /** One that waits behind others of its address waits no longer than an authenticator may take. */
    private void judgeNow(String name, Connect connect) {
        Duration patience = limits.authenticationTimeout();
        long from = runtime.time().nanoTime();
        AtomicReference<Time.Timer> timer = new AtomicReference<>();
        boolean waits = share.admit(() -> {
            if (!connect.compareAndSet(false, true)) {
                return;
            }
            Time.Timer late = timer.get();
            if (late == null) {
                admit(name, connect, patience);
                return;
            }
            late.cancel();
            if (isClosed()) {
                judged(name, connect);
            } else {
                admit(name, connect, patience.minusNanos(runtime.time().nanoTime() - from));
            }
        });
        if (waits) {
            timer.set(runtime.time()
                    .schedule(
                            patience,
                            () -> runtime.workers().execute(() -> {
                                if (connect.compareAndSet(false, true)) {
                                    judged(name, connect);
                                    runtime.counters().count(Counters.Name.CONNECTS_POSTPONED);
                                    handler.postpone(connection);
                                }
                            })));
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void admit(String name, Connect connect, Duration patience) {
        LocalSession former = sessions.find(name);
        if (former != null) {
            former.closing()
                    .close(DisconnectReason.CLIENT_DISCONNECT); // the client has given it up before it knew of it
        }
        handler.admit(connection, name, connect.data, patience, () -> judged(name, connect));
    }

    /** The next one, if there is one, takes the place. */
    private void judged(String name, Connect connect) {
        forget(connect);
        Connect next;
        boolean goesOn;
        synchronized (this) {
            next = admitting.remove(name);
            goesOn = !closed;
            if (next != null && goesOn) {
                admitting.put(name, null);
            }
        }
        if (next != null && goesOn) {
            Connect latest = next;
            judge(name, latest);
        } else {
            forget(next);
        }
    }
}
