package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.drain.PacedRun;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.outbox.OutboxTotals;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.InboundBudget;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Engine.IO sockets of a node, from their opening request until they have ended, and their heartbeat. Thread-safe. */
public final class OpenSockets {
    private final NodeRuntime runtime;
    private final Heartbeat pace;
    private final OutboxLimits limits;
    private final InboundBudget inbound;
    private final OutboundBudget outbound;
    private final ConnectionGate gate;
    private final KeptRequests opening;
    private final Function<EngineSocket, EngineListener> listener;
    private final Map<String, EngineSocket> sockets = new ConcurrentHashMap<>();
    private final HeartbeatTimer heartbeat;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean closing;

    /** @param listener makes the listener of a new socket */
    OpenSockets(
            NodeRuntime runtime,
            Heartbeat pace,
            OutboxLimits limits,
            InboundBudget inbound,
            OutboundBudget outbound,
            ConnectionGate gate,
            Function<EngineSocket, EngineListener> listener) {
        this.runtime = runtime;
        this.pace = pace;
        this.limits = limits;
        this.inbound = inbound;
        this.outbound = outbound;
        this.gate = gate;
        this.opening = new KeptRequests(inbound);
        this.listener = listener;
        this.heartbeat = new HeartbeatTimer(runtime, pace, limits.stallTimeout(), sockets.values());
        new OutboundRelief(runtime, outbound, limits.overflow(), sockets.values()).start();
    }

    public void startHeartbeat() {
        heartbeat.start();
    }

    /** Takes a place for a connection; {@link #open} or {@link #leave} must follow. Returns false when there is none left. */
    boolean enter(OpeningRequest request) {
        if (!gate.enter(request.remoteAddress())) {
            return false;
        }
        if (!opening.keep(request)) {
            gate.leave(request.remoteAddress());
            return false;
        }
        return true;
    }

    /** Gives back the place of a connection that is not opened. */
    void leave(OpeningRequest request) {
        gate.leave(request.remoteAddress());
        opening.forget(request);
    }

    /**
     * Opens a socket on the place that {@link #enter} has taken.
     *
     * @param transport gives it what its packets travel over, before anybody else may close it
     * @return null if the node closes its sockets; this one has been closed then
     */
    @Nullable
    EngineSocket open(String sid, OpeningRequest request, Consumer<EngineSocket> transport) {
        EngineSocket socket =
                new EngineSocket(runtime, pace, limits, inbound, outbound, sid, request, listener, this::ended);
        transport.accept(socket);
        sockets.put(sid, socket);
        if (closing) { // asked behind the put: whoever closes all sees this one, or it is seen here
            socket.close(DisconnectReason.SERVER_STOPPING);
            return null;
        }
        runtime.counters().count(Counters.Name.CONNECTIONS_OPENED);
        return socket;
    }

    /** Finds a socket; null if it has ended, even if its listener has not heard of that yet. */
    @Nullable
    EngineSocket find(String sid) {
        EngineSocket socket = sockets.get(sid);
        return socket == null || socket.isClosed() ? null : socket;
    }

    /** How they are at this moment; looks at each. */
    public void gauges(Map<String, Long> values) {
        long webSockets = 0;
        long polling = 0;
        OutboxTotals waiting = new OutboxTotals();
        long now = runtime.time().nanoTime();
        for (EngineSocket socket : sockets.values()) {
            if (socket.isOverWebSocket()) {
                webSockets++;
            } else {
                polling++;
            }
            socket.outbox().addTo(waiting, now);
        }
        values.put("connections.websocket", webSockets);
        values.put("connections.polling", polling);
        values.put("outbound.bytes", outbound.used());
        values.put("outbound.limit", outbound.limit());
        values.put("outbox.bytes", waiting.bytes());
        values.put("outbox.messages", waiting.messages());
        values.put("outbox.waiting", waiting.connections());
        values.put("outbox.stalled", waiting.stalled());
    }

    private void ended(EngineSocket socket) {
        sockets.remove(socket.sid());
        leave(socket.request());
        completeIfEmpty();
    }

    /**
     * Asks the client of each to come back elsewhere, one after another over this time.
     *
     * @param stay whether a client whose turn it is stays here all the same
     */
    public PacedRun<EngineSocket> moveAll(Duration span, BooleanSupplier stay) {
        return PacedRun.over(span, runtime, List.copyOf(sockets.values()), EngineSocket::sid, socket -> {
            if (!stay.getAsBoolean()) {
                socket.move();
            }
        });
    }

    /** Closes every socket, each when what waits for it has left. */
    public void closeAll() {
        closing = true;
        heartbeat.end();
        sockets.values().forEach(socket -> socket.closeGracefully(DisconnectReason.SERVER_STOPPING));
    }

    /** Completes when all sockets have been closed, after {@link #closeAll}. */
    public CompletionStage<Void> whenEmpty() {
        completeIfEmpty();
        return empty;
    }

    private void completeIfEmpty() {
        if (closing && sockets.isEmpty()) {
            empty.complete(null);
        }
    }

    /** Closes those whose client has not read what waits for it in time. */
    public void closeNow() {
        sockets.values().forEach(socket -> socket.close(DisconnectReason.SERVER_STOPPING));
    }
}
